import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { processorTime } from "../../files/fixtures/processor-time.node.ts";
import { inflate } from "../../files/inflate.node.ts";
import { readNpz } from "../../files/npz.node.ts";
import type { NamedArrays } from "../../files/number-array.ts";
import { datasetOf } from "./array-dataset.ts";
import { readMat } from "./mat.node.ts";
import { openFile } from "./open-file.node.ts";

const quick = (attempt: () => unknown, complaint: RegExp) => {
  const start = processorTime();
  expect(attempt).toThrow(complaint);
  expect(processorTime() - start).toBeLessThan(1000);
};

describe("bombs", () => {
  const zeros = new Uint8Array(300_000_000);
  const bomb = deflateRawSync(zeros); // 290 KB

  test("unpack to what was promised, or stop there", () => {
    quick(
      () => inflate(bomb, "deflate", 1000, "a", 7),
      /^a: byte 7: expected 1000 bytes packed with deflate, found more/,
    );
    quick(
      () => inflate(bomb, "deflate", 300_000_000, "a", 7),
      /^a: byte 7: expected at most \d+ bytes in \d+ packed ones/,
    );
    quick(() => inflate(deflateRawSync(new Uint8Array(5)), "deflate", 1000, "a", 0), /expected 1000 bytes .*, found 5/);
  });

  test("in a .gz, whatever its last bytes say", () => {
    const packed = new Uint8Array(gzipSync(zeros));
    quick(() => openFile(packed, "a.csv.gz", "a.csv.gz"), /expected at most \d+ bytes/);
    packed.set([0, 0, 1, 0], packed.length - 4);
    quick(() => openFile(packed, "a.csv.gz", "a.csv.gz"), /expected 65536 bytes packed with gzip, found more/);
    const twice = new Uint8Array(gzipSync(gzipSync(new Uint8Array(100))));
    quick(() => openFile(twice, "a.csv.gz.gz", "a"), /expected a file packed once/);
  });

  test("in a .mat, whose packed tag promises much", () => {
    const tag = Buffer.alloc(8);
    tag.writeUInt32LE(14, 0);
    tag.writeUInt32LE(0xfffffff0, 4);
    const content = deflateSync(Buffer.concat([tag, zeros.subarray(0, 50_000_000)]));
    quick(() => readMat(matFile("IM", [compressed(content)]), "a.mat"), /byte 136: expected at most \d+ bytes/);
  });
});

function compressed(content: Uint8Array): Buffer {
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(15, 0);
  tag.writeUInt32LE(content.length, 4);
  return Buffer.concat([tag, content]);
}

function matFile(order: "IM" | "MI", elements: readonly Uint8Array[]): Uint8Array {
  const header = Buffer.alloc(128, " ");
  header.write("MATLAB 5.0 MAT-file");
  if (order === "IM") header.writeUInt16LE(0x100, 124);
  else header.writeUInt16BE(0x100, 124);
  header.write(order, 126);
  return new Uint8Array(Buffer.concat([header, ...elements]));
}

/** An element in big-endian order, small where it can be: the one form SciPy does not write. */
function big(type: number, content: Uint8Array): Buffer {
  if (content.length <= 4) {
    const small = Buffer.alloc(8);
    small.writeUInt16BE(content.length, 0);
    small.writeUInt16BE(type, 2);
    small.set(content, 4);
    return small;
  }
  const bytes = Buffer.alloc(8 + Math.ceil(content.length / 8) * 8);
  bytes.writeUInt32BE(type, 0);
  bytes.writeUInt32BE(content.length, 4);
  bytes.set(content, 8);
  return bytes;
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

test("a .mat of a big-endian machine: column-major, doubles stored as bytes and as shorts", () => {
  const matrix = (name: string, kind: number, shape: number[], type: number, content: Uint8Array) =>
    big(
      14,
      Buffer.concat([big(6, words(kind, 0)), big(5, words(...shape)), big(1, Buffer.from(name)), big(type, content)]),
    );
  const data = matrix("data", 9, [2, 3], 2, Uint8Array.of(1, 4, 2, 5, 3, 6));
  const labels = matrix("labels", 6, [2, 1], 3, Uint8Array.of(0xff, 0xff, 1, 0)); // int16: -1 and 256
  const dataset = datasetOf(readMat(matFile("MI", [data, labels]), "a.mat"), "a.mat", "a.mat", {});
  expect(dataset).toMatchObject({ count: 2, dimension: 3, classes: ["-1", "256"] });
  expect([...dataset.images]).toEqual([1, 2, 3, 4, 5, 6]);
  const wrong = matrix("data", 9, [2, 3], 2, Uint8Array.of(1, 4, 2, 5, 3));
  expect(() => readMat(matFile("MI", [wrong]), "a.mat")).toThrow(
    /byte \d+: expected 6 bytes for the shape \[2, 3\], found 5/,
  );
});

test("many small bombs in one .mat are one large one", () => {
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(6, 0);
  tag.writeUInt32LE(60_000_000, 4);
  const one = compressed(deflateSync(Buffer.concat([tag, new Uint8Array(60_000_000)])));
  quick(
    () => readMat(matFile("IM", new Array<Uint8Array>(20).fill(one)), "a.mat"),
    /at most 1\d{8} bytes in \d+ packed ones, found 120000016/,
  );
});

test("a .mat of a million packed nothings is not unpacked to its end", () => {
  const one = compressed(deflateSync(new Uint8Array(8)));
  const file = matFile("IM", new Array<Uint8Array>(200_000).fill(one));
  quick(() => readMat(file, "a.mat"), /at most 1000 variables/);
});

test("zip archives that lie are refused", () => {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  expect(readNpz(new Uint8Array(end), "a.npz").size).toBe(0);
  end.writeUInt16LE(65535, 10);
  expect(() => readNpz(new Uint8Array(end), "a.npz")).toThrow(/at most 1000 members, found 65535/);
  end.writeUInt16LE(1, 10);
  expect(() => readNpz(new Uint8Array(end), "a.npz")).toThrow(/expected entry 0 of the directory/);
  expect(() => readNpz(Uint8Array.of(0x50, 0x4b, 3, 4), "a.npz")).toThrow(/expected the end of a zip archive/);
});

describe("images from arrays", () => {
  const array = (shape: number[], content: ArrayLike<number>, type: "u1" | "f8" = "u1") => {
    const bytes = type === "u1" ? Uint8Array.from(content) : new Uint8Array(Float64Array.from(content).buffer);
    return { type, shape, isColumnMajor: false, isLittleEndian: true, bytes, at: 100 } as const;
  };
  const named = (x: ReturnType<typeof array>, y: ReturnType<typeof array>): NamedArrays =>
    new Map([
      ["x", x],
      ["y", y],
    ] as const);
  const read = (x: ReturnType<typeof array>, y = array([2], [5, 7])) => datasetOf(named(x, y), "a", "a.npz", {});
  const twelve = Array.from({ length: 12 }, (_, at) => at);

  test("of every layout become planes", () => {
    expect(read(array([2, 6], twelve))).toMatchObject({ count: 2, dimension: 6, classes: ["5", "7"] });
    expect(read(array([2, 6], twelve)).shape).toBeUndefined();
    expect(read(array([2, 2, 3], twelve)).shape).toEqual([1, 2, 3]);
    expect([...read(array([2, 3, 1, 2], twelve)).images]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    const last = read(array([2, 2, 1, 3], twelve));
    expect(last.shape).toEqual([3, 2, 1]);
    expect([...last.images]).toEqual([0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]);
    const matlab = read(array([1, 2, 3, 2], twelve), array([2, 1], [5, 7])); // [h, w, c, n]
    expect(matlab.shape).toEqual([3, 1, 2]);
    expect([...matlab.images]).toEqual([0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]);
  });

  test.each<[why: string, x: ReturnType<typeof array>, y: ReturnType<typeof array>, complaint: RegExp]>([
    ["other labels", array([2, 6], twelve), array([3], [1, 2, 3]), /found the shape \[2, 6\] for 3 labels/],
    [
      "colours on either side",
      array([1, 3, 1, 3], twelve.slice(0, 9)),
      array([1], [1]),
      /either side could be the colours/,
    ],
    [
      "one-hot labels",
      array([2, 6], twelve),
      array([2, 2], [0, 1, 1, 0]),
      /expected one label an image as "y", found the shape \[2, 2\]/,
    ],
    [
      "fractions",
      array([1, 2], [0.5, 1], "f8"),
      array([1], [1]),
      /byte 100: expected whole numbers from 0 to 255 as pixels, found 0.5/,
    ],
    [
      "not a number",
      array([1, 2], [1, Number.NaN], "f8"),
      array([1], [1]),
      /byte 108: .* found NaN in an array of float64/,
    ],
    ["256", array([1, 2], [1, 256], "f8"), array([1], [1]), /found 256/],
    [
      "labels between numbers",
      array([1, 2], [1, 2]),
      array([1], [1.5], "f8"),
      /expected whole numbers as labels, found 1.5/,
    ],
    ["none", array([0, 2], []), array([0], []), /expected 1 to/],
  ])("refused: %s", (_why, x, y, complaint) => expect(() => read(x, y)).toThrow(complaint));
});
