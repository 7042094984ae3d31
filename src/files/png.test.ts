import { deflateSync } from "node:zlib";
import { decode, encode } from "fast-png";
import { expect, test } from "vitest";
import { processorTime } from "./fixtures/processor-time.node.ts";
import { nodeUnpacker } from "./inflate.node.ts";
import { readPng } from "./png.ts";

const rgb = Uint8Array.from({ length: 5 * 4 * 3 }, (_, at) => (at * 37) % 256);

test("grey, RGB, opaque alpha and a palette", () => {
  const grey = { width: 5, height: 4, channels: 1, depth: 8, data: rgb.subarray(0, 20) } as const;
  expect(readPng(encode(grey), "a.png", nodeUnpacker)).toEqual({
    width: 5,
    height: 4,
    channels: 1,
    planes: rgb.slice(0, 20),
  });
  const { planes } = readPng(encode({ ...grey, channels: 3, data: rgb }), "a.png", nodeUnpacker);
  expect([...planes]).toEqual(
    [0, 1, 2].flatMap((colour) => Array.from({ length: 20 }, (_, pixel) => rgb[3 * pixel + colour])),
  );
  const alpha = Uint8Array.from({ length: 80 }, (_, at) => (at % 4 === 3 ? 255 : rgb[3 * (at >> 2) + (at % 4)]));
  expect(readPng(encode({ ...grey, channels: 4, data: alpha }), "a.png", nodeUnpacker).planes).toEqual(planes);
  alpha[7] = 254;
  expect(() => readPng(encode({ ...grey, channels: 4, data: alpha }), "a.png", nodeUnpacker)).toThrow(
    /opaque pixels, found an alpha of 254/,
  );
});

test("every filter is undone", () => {
  // Rows of 3 grey pixels, worked out by hand from the PNG specification, 9.2, all to 10 20 30.
  const rows = [
    [0, 10, 20, 30],
    [1, 10, 10, 10],
    [2, 0, 0, 0],
    [3, 5, 5, 5],
    [4, 0, 0, 0],
  ];
  const bytes = png({ width: 3, height: 5, type: 0, rows: Uint8Array.from(rows.flat()) });
  expect([...readPng(bytes, "a.png", nodeUnpacker).planes]).toEqual([
    10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30,
  ]);
});

test("any filtered bytes are what fast-png makes of them", () => {
  const rows = Uint8Array.from({ length: 50 * (1 + 3 * 7) }, (_, at) =>
    at % 22 === 0 ? Math.floor(at / 22) % 5 : (at * at * 31 + at * 7) % 256,
  );
  const bytes = png({ width: 7, height: 50, type: 2, rows });
  const { data } = decode(bytes);
  const planes = [0, 1, 2].flatMap((colour) => Array.from({ length: 350 }, (_, pixel) => data[3 * pixel + colour]));
  expect([...readPng(bytes, "a.png", nodeUnpacker).planes]).toEqual(planes);
});

test("palettes", () => {
  const palette = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const bytes = png({ width: 2, height: 1, type: 3, rows: Uint8Array.of(0, 1, 0), palette });
  expect(readPng(bytes, "a.png", nodeUnpacker)).toEqual({
    width: 2,
    height: 1,
    channels: 3,
    planes: Uint8Array.of(4, 1, 5, 2, 6, 3),
  });
  const beyond = png({ width: 2, height: 1, type: 3, rows: Uint8Array.of(0, 1, 2), palette });
  expect(() => readPng(beyond, "a.png", nodeUnpacker)).toThrow(/expected colours 0 to 1, found 2/);
});

test("what is hostile or not for a network is refused at once", () => {
  const bomb = png({ width: 32, height: 32, type: 2, rows: new Uint8Array(200_000_000) });
  expect(bomb.length).toBeLessThan(250_000);
  const inflating = processorTime();
  expect(() => readPng(bomb, "a.png", nodeUnpacker)).toThrow(/expected 3104 bytes packed with zlib, found more/);
  expect(processorTime() - inflating).toBeLessThan(500);
  const large = png({ width: 100_000, height: 100_000, type: 0, rows: new Uint8Array(10) });
  expect(() => readPng(large, "a.png", nodeUnpacker)).toThrow(/expected 1 to 1048576 pixels, found 100000 x 100000/);
  const deep = png({ width: 1, height: 1, type: 0, depth: 16, rows: new Uint8Array(3) });
  expect(() => readPng(deep, "a.png", nodeUnpacker)).toThrow(/expected a PNG of at most 8 bits, found 16 bits/);
  const interlaced = png({ width: 1, height: 1, type: 0, interlace: 2, rows: new Uint8Array(2) });
  expect(() => readPng(interlaced, "a.png", nodeUnpacker)).toThrow(/interlacing 2/);
  const good = png({ width: 1, height: 1, type: 0, rows: new Uint8Array(2) });
  for (let end = 0; end < good.length; end++)
    expect(() => readPng(good.subarray(0, end), "a.png", nodeUnpacker)).toThrow(/^a.png: byte \d+: /);
  for (let at = 8; at < good.length; at++) {
    const flipped = good.slice();
    flipped[at] ^= 4;
    expect(() => readPng(flipped, "a.png", nodeUnpacker)).toThrow(/^a.png: byte \d+: /);
  }
});

interface Parts {
  readonly width: number;
  readonly height: number;
  readonly type: number;
  readonly depth?: number;
  readonly interlace?: number;
  /** Each behind the number of its filter. */
  readonly rows: Uint8Array;
  readonly palette?: Uint8Array;
}

function png({ width, height, type, depth = 8, interlace = 0, rows, palette }: Parts): Uint8Array {
  const chunk = (name: string, content: Uint8Array) => {
    const bytes = Buffer.alloc(12 + content.length);
    bytes.writeUInt32BE(content.length, 0);
    bytes.write(name, 4, "latin1");
    bytes.set(content, 8);
    bytes.writeUInt32BE(crc(bytes.subarray(4, -4)), 8 + content.length);
    return bytes;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, type, 0, 0, interlace], 8);
  const colours = palette === undefined ? [] : [chunk("PLTE", palette)];
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const content = [
    chunk("IHDR", header),
    ...colours,
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", new Uint8Array(0)),
  ];
  return new Uint8Array(Buffer.concat([signature, ...content]));
}

/** The PNG specification's own loop, annex D. */
function crc(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) {
    c ^= byte;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  }
  return ~c >>> 0;
}
