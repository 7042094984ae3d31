import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { processorTime } from "../../files/fixtures/processor-time.node.ts";
import { inflate, nodeUnpacker } from "../../files/inflate.node.ts";
import { readNpz } from "../../files/npz.ts";
import type { NamedArrays } from "../../files/number-array.ts";
import { datasetOf } from "./array-dataset.ts";
import { readMat } from "./mat.ts";
import { openFile } from "./open-file.ts";

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
    quick(() => openFile(packed, "a.csv.gz", "a.csv.gz", nodeUnpacker), /expected at most \d+ bytes/);
    packed.set([0, 0, 1, 0], packed.length - 4);
    quick(
      () => openFile(packed, "a.csv.gz", "a.csv.gz", nodeUnpacker),
      /expected 65536 bytes packed with gzip, found more/,
    );
    const twice = new Uint8Array(gzipSync(gzipSync(new Uint8Array(100))));
    quick(() => openFile(twice, "a.csv.gz.gz", "a", nodeUnpacker), /expected a file packed once/);
  });

  test("in a .mat, whose packed tag promises much", () => {
    const tag = Buffer.alloc(8);
    tag.writeUInt32LE(14, 0);
    tag.writeUInt32LE(0xfffffff0, 4);
    const content = deflateSync(Buffer.concat([tag, zeros.subarray(0, 50_000_000)]));
    quick(
      () => readMat(matFile("IM", [compressed(content)]), "a.mat", nodeUnpacker),
      /byte 136: expected at most \d+ bytes/,
    );
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
  const dataset = datasetOf(readMat(matFile("MI", [data, labels]), "a.mat", nodeUnpacker), "a.mat", "a.mat", {});
  expect(dataset).toMatchObject({ count: 2, dimension: 3, classes: ["-1", "256"] });
  expect([...dataset.images]).toEqual([1, 2, 3, 4, 5, 6]);
  const wrong = matrix("data", 9, [2, 3], 2, Uint8Array.of(1, 4, 2, 5, 3));
  expect(() => readMat(matFile("MI", [wrong]), "a.mat", nodeUnpacker)).toThrow(
    /byte \d+: expected 6 bytes for the shape \[2, 3\], found 5/,
  );
});

test("many small bombs in one .mat are one large one", () => {
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(6, 0);
  tag.writeUInt32LE(60_000_000, 4);
  const element = compressed(deflateSync(Buffer.concat([tag, new Uint8Array(60_000_000)])));
  quick(
    () => readMat(matFile("IM", new Array<Uint8Array>(20).fill(element)), "a.mat", nodeUnpacker),
    /at most 1\d{8} bytes in \d+ packed ones, found 120000016/,
  );
});

test("a .mat of a million packed nothings is not unpacked to its end", () => {
  const element = compressed(deflateSync(new Uint8Array(8)));
  const file = matFile("IM", new Array<Uint8Array>(200_000).fill(element));
  quick(() => readMat(file, "a.mat", nodeUnpacker), /at most 1000 variables/);
});

test("zip archives that lie are refused", () => {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  expect(readNpz(new Uint8Array(end), "a.npz", nodeUnpacker).size).toBe(0);
  end.writeUInt16LE(65535, 10);
  expect(() => readNpz(new Uint8Array(end), "a.npz", nodeUnpacker)).toThrow(/at most 1000 members, found 65535/);
  end.writeUInt16LE(1, 10);
  expect(() => readNpz(new Uint8Array(end), "a.npz", nodeUnpacker)).toThrow(/expected entry 0 of the directory/);
  expect(() => readNpz(Uint8Array.of(0x50, 0x4b, 3, 4), "a.npz", nodeUnpacker)).toThrow(
    /expected the end of a zip archive/,
  );
});

describe("images from arrays", () => {
  const array = (shape: number[], content: ArrayLike<number>, type: "u1" | "f8" = "u1") => {
    const bytes = type === "u1" ? Uint8Array.from(content) : new Uint8Array(Float64Array.from(content).buffer);
    return { type, shape, isColumnMajor: false, isLittleEndian: true, bytes, at: 100 } as const;
  };
  const arraysOf = (x: ReturnType<typeof array>, y: ReturnType<typeof array>): NamedArrays =>
    new Map([
      ["x", x],
      ["y", y],
    ] as const);
  const read = (x: ReturnType<typeof array>, y = array([2], [5, 7])) => datasetOf(arraysOf(x, y), "a", "a.npz", {});
  const twelve = Array.from({ length: 12 }, (_, at) => at);

  test("of every layout become planes", () => {
    expect(read(array([2, 6], twelve))).toMatchObject({ count: 2, dimension: 6, classes: ["5", "7"] });
    expect(read(array([2, 6], twelve)).shape).toBeUndefined();
    expect(read(array([2, 2, 3], twelve)).shape).toEqual([1, 2, 3]);
    expect([...read(array([2, 3, 1, 4], [...twelve, ...twelve])).images]).toEqual([...twelve, ...twelve]);
    const last = read(array([2, 2, 1, 3], twelve));
    expect(last.shape).toEqual([3, 2, 1]);
    expect([...last.images]).toEqual([0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]);
    const matlab = read(array([1, 2, 3, 2], twelve), array([2, 1], [5, 7])); // [h, w, c, n]
    expect(matlab.shape).toEqual([3, 1, 2]);
    expect([...matlab.images]).toEqual([0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]);
  });

  const readAs = (shape: number[], count: number, options = {}) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const labels = array(
      [count],
      Uint8Array.from({ length: count }, (_, label) => label),
    );
    const content = Uint8Array.from({ length: size }, (_, at) => at);
    return datasetOf(arraysOf(array(shape, content), labels), "a", "a.npz", options);
  };

  test.each<[shape: number[], count: number, layout: string, picture: number[] | undefined]>([
    [[4, 4, 3, 4], 4, "[h, w, c, n]", [3, 4, 4]],
    [[2, 3, 1, 5], 5, "[h, w, c, n]", [1, 2, 3]],
    [[2, 3, 5], 5, "[h, w, n]", [1, 2, 3]],
    [[6, 5], 5, "[d, n]", undefined],
    [[5, 6], 5, "[n, d]", undefined],
  ])("%j for %i labels is %s, as a transposition of its elements", (shape, count, layout, picture) => {
    const dataset = readAs(shape, count);
    expect(dataset.reading?.[0]).toBe(`images: x as ${layout}; labels: y`);
    expect(dataset.shape).toEqual(picture);
    // The last axis is the images' in all but the last case: one image takes every count-th element.
    const step = layout === "[n, d]" ? 1 : count;
    expect([...dataset.images.subarray(0, 3)]).toEqual(picture?.[0] === 3 ? [0, 12, 24] : [0, step, 2 * step]);
  });

  test("a layout that is not certain is asked for, and one that is asked for is taken", () => {
    const fault = { remedy: expect.stringContaining("data.dataset.layout: nhw or hwn, or --layout") };
    expect(() => readAs([3, 3, 3], 3)).toThrow(expect.objectContaining(fault));
    expect([...readAs([3, 3, 3], 3, { layout: "nhw" }).images.subarray(0, 3)]).toEqual([0, 1, 2]);
    expect([...readAs([3, 3, 3], 3, { layout: "hwn" }).images.subarray(0, 3)]).toEqual([0, 3, 6]);
    expect([...readAs([2, 3, 4], 4, { layout: "whn" }).images.subarray(0, 3)]).toEqual([0, 12, 4]);
    expect(() => readAs([2, 3, 4], 4, { layout: "nhw" })).toThrow(/expected \[n, h, w\] .*the shape \[2, 3, 4\] for 4/);
    expect(() => readAs([2, 3], 4)).toThrow(expect.objectContaining({ remedy: expect.stringMatching(/^transpose/) }));
  });

  test("images and labels of other names are asked for by name", () => {
    const arrays = new Map<string, ReturnType<typeof array>>([
      ["arr_0", array([2, 6], twelve)],
      ["arr_1", array([2], [5, 7])],
    ]);
    const attempt = (options = {}) => datasetOf(arrays, "a", "a.npz", options);
    const remedies = [
      "--images arr_0, in a spec data.dataset.images: arr_0",
      "--label arr_1, in a spec data.dataset.label",
    ];
    expect(() => attempt()).toThrow(expect.objectContaining({ remedy: expect.stringContaining(remedies[0]) }));
    const images = { images: "arr_0" };
    expect(() => attempt(images)).toThrow(expect.objectContaining({ remedy: expect.stringContaining(remedies[1]) }));
    expect(attempt({ ...images, label: "arr_1" })).toMatchObject({ count: 2, classes: ["5", "7"] });
    expect(() => attempt({ images: "arr_1", label: "arr_1" })).toThrow(/expected two arrays/);
  });

  test("one-hot labels are numbers of classes, rows or columns, and all classes count", () => {
    const hot = (shape: number[], ones: number[]) => array(shape, ones);
    expect(read(array([2, 6], twelve), hot([2, 3], [0, 0, 1, 1, 0, 0]))).toMatchObject({ classes: ["0", "1", "2"] });
    expect([...read(array([2, 6], twelve), hot([2, 3], [0, 0, 1, 1, 0, 0])).labels]).toEqual([2, 0]);
    expect([...read(array([2, 6], twelve), hot([3, 2], [0, 1, 0, 0, 1, 0])).labels]).toEqual([2, 0]);
  });

  test("texts are labels, and the names of as many classes as there are", () => {
    const texts = (...values: string[]) => ({ texts: values, shape: [values.length], at: 0 });
    const make = (y: NamedArrays extends ReadonlyMap<string, infer V> ? V : never, names: string[]) =>
      datasetOf(
        new Map([
          ["x", array([2, 6], twelve)],
          ["y", y],
          ["class_names", texts(...names)],
        ] as const),
        "a",
        "a",
        {},
      );
    expect(make(texts("dog", "cat"), [])).toMatchObject({ classes: ["cat", "dog"] });
    expect(make(array([2], [1, 0]), ["cat", "dog"]).classes).toEqual(["cat", "dog"]);
    expect(make(array([2], [2, 1]), ["cat", "dog"]).classes).toEqual(["cat", "dog"]);
    expect(make(array([2], [3, 1]), ["cat", "dog"]).classes).toEqual(["1", "3"]);
    expect(make(array([2], [1, 0]), ["cat", "dog", "cow"]).classes).toEqual(["0", "1"]);
  });

  test("floats in a range become bytes", () => {
    const floats = array([1, 4], [0, 0.5, 1, 0.25], "f8");
    const attempt = (range?: [number, number]) => datasetOf(arraysOf(floats, array([1], [5])), "a", "a.npz", { range });
    expect([...attempt([0, 1]).images]).toEqual([0, 128, 255, 64]);
    expect([...attempt([-1, 1]).images]).toEqual([128, 191, 255, 159]);
    expect(() => attempt([0, 0.9])).toThrow(/byte 116: expected values from 0 to 0.9, found 1/);
    expect(() => attempt()).toThrow(expect.objectContaining({ remedy: expect.stringContaining("--range 0,1") }));
  });

  test.each<[why: string, x: ReturnType<typeof array>, y: ReturnType<typeof array>, complaint: RegExp]>([
    ["other labels", array([2, 6], twelve), array([3], [1, 2, 3]), /found the shape \[2, 6\] for 3 labels/],
    [
      "colours on either side",
      array([1, 3, 1, 3], twelve.slice(0, 9)),
      array([1], [1]),
      /expected one layout, not \[n, c, h, w\] and \[n, h, w, c\]/,
    ],
    [
      "labels in rows",
      array([2, 6], twelve),
      array([2, 2], [0, 1, 1, 2]),
      /expected one label an image as "y", or a one among zeros, found the shape \[2, 2\]/,
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
