import { deflateSync } from "node:zlib";
import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { inColour, inGrey } from "./picture.ts";
import { pixelsOf } from "./pixels.ts";
import { readPicture } from "./read-picture.node.ts";
import { resized } from "./resize.ts";

/** Bytes without a pattern (Numerical Recipes' linear congruence, the highest byte of each). */
function noise(count: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: count }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24);
}

/** A PNG by the specification: `rows` gives the packed bytes of each row of a pass; every filter is used in turn. */
function png(width: number, height: number, depth: number, type: number, isInterlaced: boolean): Buffer {
  const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
  const chunk = (name: string, content: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(name), content]);
    let crc = 0xffffffff;
    for (const byte of body) crc = crcTable[(crc ^ byte) & 255] ^ (crc >>> 8);
    const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    checksum.writeUInt32BE(~crc >>> 0);
    return Buffer.concat([length, body, checksum]);
  };
  const samples = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[type] ?? 1;
  const grids = isInterlaced ? ["0088", "4088", "0448", "2044", "0224", "1022", "0112"] : ["0011"];
  const values = noise(4096);
  let next = 0;
  const rows = grids.flatMap((grid) => {
    const [x, y, dx, dy] = [...grid].map(Number);
    const [across, down] = [Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)];
    if (across < 1 || down < 1) return [];
    const stride = Math.ceil((across * samples * depth) / 8);
    return Array.from({ length: down }, (_, row) => {
      const content = Uint8Array.from({ length: stride }, () => values[next++ % values.length]);
      const [first, each] = depth === 16 ? [2 * samples - 2, 2 * samples] : [samples - 1, samples];
      if (samples % 2 === 0) {
        for (let at = first; at < stride; at += each) content.fill(255, at, at + each / samples);
      }
      // A filter changes what the bytes mean; opacity and palettes are kept by leaving theirs unfiltered.
      return Uint8Array.from([samples % 2 === 0 || type === 3 ? 0 : row % 5, ...content]);
    });
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, type, 0, 0, isInterlaced ? 1 : 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    ...(type === 3 ? [chunk("PLTE", noise(3 * 2 ** depth))] : []),
    chunk("IDAT", deflateSync(Buffer.concat(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const kinds = [
  ...[1, 2, 4, 8].map((depth) => [0, depth]),
  [2, 8],
  ...[1, 2, 4, 8].map((depth) => [3, depth]),
  [4, 8],
  [6, 8],
];

describe("a PNG has the pixels that pngjs finds", () => {
  test.each(kinds.flatMap(([type, depth]) => [false, true].map((interlaced) => [type, depth, interlaced] as const)))(
    "colour type %i, %i bits, interlaced: %s",
    (type, depth, isInterlaced) => {
      for (const [width, height] of [
        [1, 1],
        [3, 2],
        [9, 7],
        [17, 13],
      ]) {
        const bytes = png(width, height, depth, type, isInterlaced);
        const { data } = PNG.sync.read(bytes);
        const picture = readPicture(bytes, "a.png");
        expect(picture).toMatchObject({ width, height, channels: type === 0 || type === 4 ? 1 : 3 });
        const { planes } = inColour(picture);
        const plane = width * height;
        const rgb = Array.from({ length: 3 * plane }, (_, at) => data[4 * (at % plane) + Math.floor(at / plane)]);
        expect([...planes]).toEqual(rgb);
      }
    },
  );

  test.each([0, 2, 4, 6].flatMap((type) => [false, true].map((interlaced) => [type, interlaced] as const)))(
    "colour type %i, 16 bits, interlaced: %s: with a range, each value's byte",
    (type, isInterlaced) => {
      const [width, height] = [9, 7];
      const bytes = png(width, height, 16, type, isInterlaced);
      const data = PNG.sync.read(bytes, { skipRescale: true }).data as unknown as Uint16Array;
      const { planes } = inColour(readPicture(bytes, "a.png", { range: [0, 65535] }));
      const plane = width * height;
      const wide = Array.from({ length: 3 * plane }, (_, at) => data[4 * (at % plane) + Math.floor(at / plane)]);
      expect([...planes]).toEqual(wide.map((value) => Math.round(value / 257)));
      expect(() => readPicture(bytes, "a.png", { range: [0, 4095] })).toThrow(/expected values from 0 to 4095, found/);
      expect(() => readPicture(bytes, "a.png")).toThrow(/byte 24: expected a PNG of at most 8 bits, found 16 bits/);
    },
  );

  test("a range is of 16 bits, and an alpha below 65535 is not opaque", () => {
    const range = [0, 65535] as const;
    const eight = png(2, 2, 8, 0, false);
    expect(() => readPicture(eight, "a.png", { range })).toThrow(/expected a PNG of 16 bits, .*found 8 bits/);
    const clear = PNG.sync.write(new PNG({ width: 2, height: 2 }), { bitDepth: 16, colorType: 6 });
    expect(() => readPicture(clear, "a.png", { range })).toThrow(/opaque pixels, found an alpha of 0/);
    const photo = jpeg.encode({ data: Buffer.alloc(4 * 64, 100), width: 8, height: 8 }, 95).data;
    expect(() => readPicture(photo, "a.jpg", { range })).toThrow(/a PNG of 16 bits, .*found a JPEG/);
  });
});

/** Smooth, so that decoders agree to a few levels. */
function photo(width: number, height: number): { data: Buffer; width: number; height: number } {
  const data = Buffer.alloc(width * height * 4, 255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    data.set([Math.round((255 * x) / width), Math.round((255 * y) / height), 128], 4 * pixel);
  }
  return { data, width, height };
}

/** An Exif segment with an orientation, behind the first two bytes. */
function turned(bytes: Uint8Array, orientation: number): Uint8Array {
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
  const exif = [...Buffer.from("Exif\0\0"), ...tiff];
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, 0, exif.length + 2, ...exif, ...bytes.subarray(2)]);
}

describe("a JPEG", () => {
  const { data, width, height } = photo(48, 32);
  const bytes = jpeg.encode({ data, width, height }, 95).data;

  test("has the pixels that jpeg-js finds, to a few levels", () => {
    const picture = readPicture(bytes, "a.jpg");
    expect(picture).toMatchObject({ width, height, channels: 3 });
    const reference = jpeg.decode(bytes).data;
    const plane = width * height;
    const away = Array.from(picture.planes, (byte, at) =>
      Math.abs(byte - reference[4 * (at % plane) + Math.floor(at / plane)]),
    );
    expect(away.reduce((most, distance) => Math.max(most, distance))).toBeLessThan(8);
    expect(picture.planes[width - 1]).toBeGreaterThan(240); // red grows to the right
  });

  // Where the brightest red and green are, as the camera was held (Exif 2.3, 4.6.4).
  test.each([
    [1, 48, 32, "right", "below"],
    [2, 48, 32, "left", "below"],
    [3, 48, 32, "left", "above"],
    [4, 48, 32, "right", "above"],
    [5, 32, 48, "below", "right"],
    [6, 32, 48, "below", "left"],
    [7, 32, 48, "above", "left"],
    [8, 32, 48, "above", "right"],
  ])("of orientation %i is turned upright", (orientation, newWidth, newHeight, redSide, greenSide) => {
    const picture = readPicture(turned(bytes, orientation), "a.jpg");
    expect(picture).toMatchObject({ width: newWidth, height: newHeight });
    const at = (side: string, plane: number) => {
      const x = side === "left" ? 0 : side === "right" ? newWidth - 1 : newWidth >> 1;
      const y = side === "above" ? 0 : side === "below" ? newHeight - 1 : newHeight >> 1;
      return picture.planes[plane * width * height + y * newWidth + x];
    };
    expect(at(redSide, 0)).toBeGreaterThan(235);
    expect(at(greenSide, 1)).toBeGreaterThan(235);
  });

  test("may end with a byte of nothing but padding, as jpeg-js and others write it; cut short it is damaged all the same", () => {
    // The first of 1,500 whose last pixels end so that the decoder has not read the padding with them.
    let state = Math.imul(1430, 2654435761) >>> 0;
    const data = Buffer.alloc(4 * 64 * 64, 255);
    for (let pixel = 0; pixel < 64 * 64; pixel++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      data.set([(state >>> 24) / 2, ((state >>> 16) & 255) / 2, ((pixel % 64) * 3) & 255], 4 * pixel);
    }
    const bytes = jpeg.encode({ data, width: 64, height: 64 }, 85).data;
    expect(bytes.subarray(-4).toString("hex")).toBe("ff00ffd9");
    expect(readPicture(bytes, "a.jpg")).toMatchObject({ width: 64, height: 64 });
    const complaint = Buffer.from("Corrupt JPEG data: 2 extraneous bytes before marker 0xd9");
    const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, complaint.length + 2]), complaint]);
    const said = Buffer.concat([bytes.subarray(0, 2), comment, bytes.subarray(2, -40), bytes.subarray(-2)]);
    expect(() => readPicture(said, "a.jpg")).toThrow(/damaged data/);
  });

  test("that is cut off, altered in its header or too large is refused", () => {
    expect(() => readPicture(bytes.subarray(0, 300), "a.jpg")).toThrow(/^a.jpg: byte \d+: expected/);
    const frame = bytes.findIndex((byte, at) => byte === 0xff && bytes[at + 1] === 0xc0);
    const large = Uint8Array.from(bytes);
    large.set([0xff, 0xff, 0xff, 0xff], frame + 5);
    expect(() => readPicture(large, "a.jpg")).toThrow(/expected 1 to 1048576 pixels, found 65535 x 65535/);
    expect(() => readPicture(large, "a.jpg", { size: [32, 32] })).toThrow(/expected 1 to 67108864 pixels/);
    const cmyk = Uint8Array.from(bytes);
    cmyk[frame + 9] = 4;
    expect(() => readPicture(cmyk, "a.jpg")).toThrow(/found 8 bits of 4 colours/);
  });
});

describe("resizing", () => {
  const grey = (width: number, height: number, values: number[]) =>
    ({ width, height, channels: 1, planes: Uint8Array.from(values) }) as const;

  // Means worked out by hand.
  test("takes the mean of the area that a pixel covers", () => {
    expect([...resized(pixelsOf(grey(4, 2, [0, 10, 20, 30, 40, 50, 60, 70])), [1, 2]).planes]).toEqual([25, 45]);
    expect([...resized(pixelsOf(grey(3, 1, [0, 90, 180])), [1, 2]).planes]).toEqual([30, 150]);
    expect([...resized(pixelsOf(grey(1, 3, [0, 90, 180])), [2, 1]).planes]).toEqual([30, 150]);
    expect([...resized(pixelsOf(grey(2, 1, [10, 20])), [2, 4]).planes]).toEqual([10, 10, 20, 20, 10, 10, 20, 20]);
    expect([...resized(pixelsOf(grey(2, 1, [10, 11])), [1, 1]).planes]).toEqual([11]);
  });

  test("leaves an even picture even, in every colour", () => {
    const planes = Uint8Array.from({ length: 3 * 35 }, (_, at) => [255, 1, 128][Math.floor(at / 35)]);
    const { planes: small } = resized(pixelsOf({ width: 7, height: 5, channels: 3, planes }), [3, 2]);
    expect([...small]).toEqual([255, 1, 128].flatMap((byte) => new Array<number>(6).fill(byte)));
  });
});

test("grey becomes colour and back without a loss; what has a colour is no grey", () => {
  const picture = { width: 2, height: 1, channels: 1, planes: Uint8Array.of(3, 200) } as const;
  expect([...inColour(picture).planes]).toEqual([3, 200, 3, 200, 3, 200]);
  expect(inGrey(inColour(picture))).toEqual(picture);
  expect(inGrey({ ...inColour(picture), planes: Uint8Array.of(3, 200, 3, 201, 3, 200) })).toBeUndefined();
});
