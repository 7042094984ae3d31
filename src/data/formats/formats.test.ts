import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cifar10Classes } from "../cifar10.ts";
import type { Dataset } from "../dataset.ts";
import { describeFile, readDataset } from "./read-dataset.node.ts";

// What Python, NumPy and SciPy wrote (fixtures/make.py): the same eight images in every form, read to the same bytes.

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const hash = ({ images, labels, classes }: Dataset) =>
  createHash("sha256")
    .update(images)
    .update([...labels].map((label) => classes[label]).join())
    .digest("hex");
const byNumber = (dataset: Dataset): Dataset => ({
  ...dataset,
  classes: dataset.classes.map((name) => String((cifar10Classes as readonly string[]).indexOf(name))),
});

let folder = "";
let bin: Dataset;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gradus-formats-"));
  bin = byNumber(await readDataset(fixture("cifar10.bin.gz")));
});
afterAll(() => rm(folder, { recursive: true }));

test("the images that make.py says", () => {
  expect(bin).toMatchObject({ count: 8, dimension: 3072, shape: [3, 32, 32] });
  expect([...bin.labels]).toEqual([0, 1, 2, 9, 0, 1, 2, 9]);
  for (let image = 0; image < 8; image++) {
    const imageBytes = [...bin.images.subarray(image * 3072, (image + 1) * 3072)];
    const expected = Array.from({ length: 3072 }, (_, at) => (((image * 48 + (at >> 6)) * 7) % 251) & 255);
    expect(imageBytes).toEqual([image, ...expected.slice(1)]);
  }
});

describe("equal bytes", () => {
  const protocolFiles = ["0", "1", "2", "3", "4", "5"].map((protocol) => `protocol${protocol}.pkl.gz`);
  test.each([...protocolFiles, "python2.pkl.gz", "packed.mat"])("%s, with CIFAR-10's classes", async (name) => {
    const dataset = await readDataset(fixture(name));
    expect(dataset).toMatchObject({ count: 8, dimension: 3072, shape: [3, 32, 32], classes: cifar10Classes });
    expect(hash(byNumber(dataset))).toBe(hash(bin));
  });

  test.each(["double.mat", "packed.npz", "float.npz"])("%s, with classes 0, 1, 2 and 9", async (name) => {
    const dataset = await readDataset(fixture(name));
    expect(dataset).toMatchObject({ count: 8, shape: [3, 32, 32], classes: ["0", "1", "2", "9"] });
    expect(hash(dataset)).toBe(hash(bin));
  });

  test("HDF5 as Keras users save it, by its group", async () => {
    const dataset = await readDataset(`${fixture("keras.h5")}#train`);
    expect(dataset).toMatchObject({ count: 8, shape: [3, 32, 32], classes: ["0", "1", "2", "9"] });
    expect(hash(dataset)).toBe(hash(bin));
  });

  test("a MAT-file of version 7.3, labels in a cell array of texts or as numbers", async () => {
    const dataset = await readDataset(fixture("v73.mat"));
    expect(dataset).toMatchObject({ count: 8, shape: [3, 32, 32], classes: ["cat", "dog", "frog", "ship"] });
    const numbered = await readDataset(fixture("v73.mat"), { label: "labels_as_numbers" });
    expect(numbered.classes).toEqual(["1", "2", "3", "10"]);
    const classes = ["0", "1", "2", "9"];
    expect(hash({ ...dataset, classes })).toBe(hash(bin));
    expect(hash({ ...numbered, classes })).toBe(hash(bin));
  });

  test("a CSV file", async () => {
    const rows = Array.from({ length: 8 }, (_, image) =>
      [...bin.images.subarray(image * 3072, (image + 1) * 3072), bin.classes[bin.labels[image]]].join(),
    );
    const file = join(folder, "images.csv");
    await writeFile(file, `${Array.from({ length: 3072 }, (_, at) => `p${at}`).join()},Class\r\n${rows.join("\r\n")}`);
    expect(hash(await readDataset(file))).toBe(hash(bin));
  });

  test("a folder of PNGs: grey, RGB, opaque RGBA; classes in turns", async () => {
    const home = join(folder, "pictures");
    for (let image = 0; image < 8; image++) {
      const pixel = (at: number, colour: number) => bin.images[image * 3072 + colour * 1024 + at];
      const channels = image % 2 === 0 ? 3 : 4;
      const data = Uint8Array.from({ length: 1024 * channels }, (_, at) =>
        at % channels === 3 ? 255 : pixel(Math.floor(at / channels), at % channels),
      );
      const place = join(home, bin.classes[bin.labels[image]]);
      await mkdir(place, { recursive: true });
      await writeFile(join(place, `${image}.png`), encode({ width: 32, height: 32, data, channels, depth: 8 }));
    }
    await writeFile(join(home, ".DS_Store"), "");
    const dataset = await readDataset(home);
    expect(dataset).toMatchObject({ count: 8, shape: [3, 32, 32], classes: ["0", "1", "2", "9"] });
    expect(hash(dataset)).toBe(hash(bin)); // the labels are 0, 1, 2, 9 in turns, and so are the classes
    await writeFile(
      join(home, "9", "8.png"),
      encode({ width: 2, height: 2, data: new Uint8Array(4), channels: 1, depth: 8 }),
    );
    await expect(readDataset(home)).rejects.toThrow(/8\.png: expected 32 x 32 pixels as in .*, found 2 x 2$/);
    await writeFile(join(home, "9", "8.png"), "not a PNG");
    await expect(readDataset(home)).rejects.toThrow(/8\.png: byte 0: expected a PNG/);
    await rm(join(home, "9", "8.png"));
    await writeFile(join(home, "9", "cat.jpg"), "");
    await expect(readDataset(home)).rejects.toThrow(
      /cat.jpg: byte 0: expected a PNG, found nothing: the file is empty/,
    );
    await expect(readDataset(folder)).rejects.toThrow(/expected 2 to 256 folders/);
  });
});

test("CIFAR-100 by its fine labels, binary and as a Fortran-order pickle", async () => {
  const dataset = await readDataset(fixture("cifar100.bin.gz"));
  expect(dataset.classes).toHaveLength(100);
  expect(new Set(dataset.classes).size).toBe(100);
  expect([...dataset.labels]).toEqual([0, 11, 22, 99, 0, 11, 22, 99]);
  expect(dataset.classes[99]).toBe("worm");
  const pickled = await readDataset(fixture("fortran.pkl.gz"));
  expect(hash(pickled)).toBe(hash(dataset));
});

test("an idx file with the labels beside it, also when these are not packed", async () => {
  const dataset = await readDataset(fixture("small-images-idx3-ubyte.gz"));
  expect(dataset).toMatchObject({ count: 8, dimension: 12, shape: [1, 4, 3], classes: ["0", "1", "2", "9"] });
  expect([...dataset.images.subarray(12, 24)]).toEqual([...bin.images.subarray(3072, 3084)]);
  await writeFile(join(folder, "a-images-idx3-ubyte.gz"), await readFile(fixture("small-images-idx3-ubyte.gz")));
  const alone = readDataset(join(folder, "a-images-idx3-ubyte.gz"));
  await expect(alone).rejects.toThrow(
    /expected a file beside it called a-labels-idx1-ubyte.gz or a-labels-idx1-ubyte, found none/,
  );
  const labels = new Uint8Array([0, 0, 8, 1, 0, 0, 0, 8, 3, 3, 3, 3, 3, 3, 3, 4]);
  await writeFile(join(folder, "a-labels-idx1-ubyte"), labels);
  expect((await readDataset(join(folder, "a-images-idx3-ubyte.gz"))).classes).toEqual(["3", "4"]);
  await expect(readDataset(join(folder, "a-labels-idx1-ubyte"))).rejects.toThrow(/expected images, found labels/);
});

test("parts of one file and of one folder", async () => {
  const train = await readDataset(`${fixture("keras.npz")}#train`);
  expect(train).toMatchObject({ count: 4, dimension: 784, shape: [1, 28, 28] });
  expect(await readDataset(`${fixture("keras.npz")}#test`)).toMatchObject({ count: 2, classes: ["0", "1"] });
  await expect(readDataset(fixture("keras.npz"))).rejects.toMatchObject({
    remedy: expect.stringMatching(/name the part: .*keras.npz#test or .*keras.npz#train$/),
  });
  await expect(readDataset(`${fixture("cifar10.bin.gz")}#train`)).rejects.toThrow(
    /expected a file with a part "train"/,
  );
  const png = encode({ width: 2, height: 2, data: new Uint8Array(4), channels: 1, depth: 8 });
  for (const name of ["train/a", "train/b", "test/a", "test/b"]) {
    await mkdir(join(folder, "parts", name), { recursive: true });
    await writeFile(join(folder, "parts", name, "1.png"), png);
  }
  expect(await readDataset(`${join(folder, "parts")}#test`)).toMatchObject({
    count: 2,
    shape: [1, 2, 2],
    classes: ["a", "b"],
  });
  await expect(readDataset(join(folder, "parts"))).rejects.toMatchObject({
    remedy: expect.stringMatching(/name the part/),
  });
});

test.each<[name: string, complaint: RegExp, remedy: RegExp]>([
  ["alone.npy", /one array, and no labels/, /numpy.savez/],
  ["objects.npz", /an array of numbers as "x", found Python objects/, /save the images as an array of numbers/],
  ["level4.mat", /perhaps one of level 4/, /-v7/],
  ["small-unpacked.mat", /^$/, /^$/],
])("%s: what it is, or why it is not read", async (name, complaint, remedy) => {
  const attempt = readDataset(fixture(name));
  if (complaint.source === "^$") return expect(await attempt).toMatchObject({ count: 8, dimension: 12 });
  await expect(attempt).rejects.toMatchObject({
    code: "data",
    message: expect.stringMatching(complaint),
    remedy: expect.stringMatching(remedy),
  });
});

test("a label that a file cannot have is refused", async () => {
  await expect(readDataset(fixture("cifar10.bin.gz"), { label: "digit" })).rejects.toThrow(
    /expected what label digit is about/,
  );
  await expect(readDataset(folder, { label: "digit" })).rejects.toThrow(/found a folder/);
  const coarse = await readDataset(fixture("fortran.pkl.gz"), { label: "coarse_labels" });
  expect(coarse.classes).toEqual(["0"]);
});

test("files of other kinds are called by their names", async () => {
  const cases: [string, Uint8Array | string, RegExp][] = [
    ["a.mat", "MATLAB 7.3 MAT-file".padEnd(600), /version 7.3, which is HDF5/],
    ["a.h5", "\u0089HDF\r\n\u001a\n", /expected a sound HDF5 file/],
    ["lfs.mat", "version https://git-lfs.github.com/spec/v1\noid", /found a Git LFS pointer/],
    ["lfs.npz", "version https://git-lfs.github.com/spec/v1\noid", /found a Git LFS pointer/],
    ["page.csv", "<!DOCTYPE html><title>a, b</title>", /found an HTML page/],
    ["page.pkl", "<html>", /found an HTML page/],
    ["sky.csv", "SIMPLE  =                    T / FITS", /found a FITS file/],
    ["a.json", '{"a": [1, 2]}', /found JSON/],
    ["octave.mat", "# Created by Octave 8.4.0\n# name: x\n", /found Octave's text format/],
    ["a.onnx", "\b\u0007\u0012\u0007pytorch", /found an ONNX model/],
    ["empty.mat", "", /the file is empty/],
    ["a.tar", `${"x".repeat(257)}ustar`, /a tar archive/],
    ["a.csv.bz2", "BZh91AY", /packed with bzip2/],
    ["a.parquet", "PAR1 and more", /found Parquet/],
    ["a.jpg", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), /found a JPEG/],
    ["a.csv", "", /the file is empty/],
    ["a.data", Uint8Array.of(1, 2, 3, 4), /expected a CIFAR .bin, pickle/],
  ];
  for (const [name, content, complaint] of cases) {
    await writeFile(join(folder, name), typeof content === "string" ? Buffer.from(content, "latin1") : content);
    await expect(readDataset(join(folder, name))).rejects.toThrow(complaint);
  }
  await expect(readDataset(join(folder, "none.csv"))).rejects.toThrow(/no such file or folder/);
});

test("a file is described, whether it can be trained on or not", async () => {
  expect(await describeFile(fixture("double.mat"))).toMatchObject({
    format: "MATLAB .mat, level 5",
    arrays: [
      { name: "X", type: "float64", shape: [8, 3072] },
      { name: "y", type: "float64", shape: [8, 1] },
      { name: "t", type: "text", shape: [1] },
      { name: "c", type: "complex numbers", shape: null },
    ],
    dataset: { count: 8, classes: ["0", "1", "2", "9"], classCounts: [2, 2, 2, 2] },
    refusal: null,
  });
  expect(await describeFile(fixture("keras.npz"))).toMatchObject({
    parts: ["test", "train"],
    dataset: null,
    refusal: { complaint: expect.stringMatching(/expected images/) },
  });
});
