import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cifar10Hashes } from "../data/cifar10.ts";
import { slice } from "../data/dataset.ts";
import { stream } from "../math/random/stream.ts";
import { parseSpec } from "../record/parse-spec.ts";
import type { SpecInput } from "../record/spec.ts";
import { datasetFiles, loadSplit } from "./split.node.ts";
import { outcome, train } from "./train.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gradus-split-"));
  for (const name of ["a", "b", "c"]) await writeFile(join(folder, `${name}.csv`), csv(name, 60));
  await writeFile(join(folder, "wide.csv"), "label,1,2,3\n0,1,2,3\n");
  for (const [name, value] of [
    ["cat", 10],
    ["dog", 200],
  ] as const) {
    await mkdir(join(folder, "pictures", name), { recursive: true });
    const png = encode({ width: 2, height: 2, data: new Uint8Array(4).fill(value), channels: 1, depth: 8 });
    for (const number of [1, 2, 3]) await writeFile(join(folder, "pictures", name, `${number}.png`), png);
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** Two classes that a network can tell apart: bright above, or bright below. */
function csv(name: string, rows: number): string {
  const noise = stream(1, name).integers(0, 100, rows * 8);
  const lines = Array.from({ length: rows }, (_, row) => {
    const pixels = Array.from({ length: 8 }, (_, at) => noise[row * 8 + at] + (at < 4 === (row % 2 === 0) ? 100 : 0));
    return [row % 2 === 0 ? "above" : "below", ...pixels].join();
  });
  return `kind,a,b,c,d,e,f,g,h\n${lines.join("\n")}\n`;
}

const files = (...names: string[]) => names.map((name) => join(folder, name));
const specOf = (dataset: object | undefined, split: object, change: Partial<SpecInput> = {}) =>
  parseSpec({
    device: "wasm",
    data: { ...(dataset === undefined ? {} : { dataset }), split, preprocess: "scale" },
    network: { hidden: [4] },
    training: { batch: 10, epochs: 20, schedule: { kind: "constant", rate: 0.5 } },
    ...change,
  } as SpecInput);
const holdOut = { kind: "hold-out", validation: 10 };
const batches = { kind: "batches", train: [1], validation: [2] };

test("hold-out and batches of files, with and without test images, in memory that is given", async () => {
  const all = { train: files("a.csv", "b.csv"), test: files("c.csv")[0], label: "kind" };
  const split = await loadSplit(specOf(all, holdOut));
  expect([split.train.count, split.validation.count, split.test.count]).toEqual([110, 10, 60]);
  expect(split.train.classes).toEqual(["above", "below"]);
  const reserved: Uint8Array[] = [];
  const reserve = (bytes: number) => {
    reserved.push(new Uint8Array(bytes));
    return reserved[0] as Uint8Array<ArrayBuffer>;
  };
  const second = await loadSplit(specOf(all, batches), undefined, reserve);
  expect([second.train.count, second.validation.count]).toEqual([60, 60]);
  expect(second.train.images.buffer).toBe(reserved[0].buffer);
  expect(second.train.images).toEqual(split.train.images.subarray(0, 480));
  const untested = await loadSplit(
    specOf({ train: files("a.csv"), label: "kind" }, holdOut, { evaluate: { test: false } }),
  );
  expect(untested.test).toMatchObject({ count: 0, dimension: 8 });
});

test("a network learns from files", async () => {
  const spec = specOf({ train: files("a.csv", "b.csv"), test: files("c.csv")[0], label: "kind" }, holdOut);
  const { runs } = await outcome(train(spec, await loadSplit(spec)));
  expect(runs[0].final?.test?.accuracy).toBe(1);
  const untested = specOf({ train: files("a.csv"), label: "kind" }, holdOut, { evaluate: { test: false } });
  expect((await outcome(train(untested, await loadSplit(untested)))).runs[0].final?.test).toBeUndefined();
  const pictures = specOf(
    { train: files("pictures") },
    { kind: "hold-out", validation: 2 },
    {
      evaluate: { test: false },
      training: { batch: 2, epochs: 50, schedule: { kind: "constant", rate: 0.1 } },
    },
  );
  expect((await outcome(train(pictures, await loadSplit(pictures)))).runs[0].final?.validation.accuracy).toBe(1);
});

test("what does not fit together is refused, and what is not there", async () => {
  const wide = { train: files("a.csv"), test: files("wide.csv")[0] };
  await expect(loadSplit(specOf(wide, holdOut))).rejects.toThrow(
    /wide.csv: expected images of 8 bytes as in .*a.csv, found 3/,
  );
  const gone = { train: files("gone.csv"), test: files("c.csv")[0] };
  await expect(loadSplit(specOf(gone, holdOut))).rejects.toThrow(/gone.csv: no such file/);
  const all = { kind: "hold-out", validation: 60 };
  await expect(
    loadSplit(specOf({ train: files("a.csv"), test: files("c.csv")[0], label: "kind" }, all)),
  ).rejects.toMatchObject({
    code: "spec",
    place: "data.split.validation",
  });
});

test("the files of a run, and their hashes", async () => {
  const cifar = await datasetFiles(specOf(undefined, batches).data);
  expect(cifar.map(({ file }) => file)).toEqual(["data_batch_1", "data_batch_2", "test_batch"]);
  expect(cifar[0].sha256).toBe(cifar10Hashes.data_batch_1);
  const { data } = specOf({ train: files("a.csv", "pictures"), test: files("c.csv")[0] }, holdOut);
  const before = await datasetFiles(data);
  expect(before.map(({ file }) => file)).toEqual([...files("a.csv", "pictures"), ...files("c.csv")]);
  const hash = createHash("sha256")
    .update(await readFile(join(folder, "a.csv")))
    .digest("hex");
  expect(before[0].sha256).toBe(hash);
  await rename(join(folder, "pictures/dog/3.png"), join(folder, "pictures/dog/4.png"));
  const after = await datasetFiles(data);
  expect(after.map(({ sha256 }, index) => sha256 === before[index].sha256)).toEqual([true, false, true]);
});

test("what is held out of a file sorted by class has every class, and can be learned", async () => {
  const lines = csv("sorted", 60).trim().split("\n");
  const sorted = join(folder, "sorted.csv");
  await writeFile(sorted, `${lines[0]}\n${lines.slice(1).sort().join("\n")}\n`);
  const measure = { evaluate: { test: false } };
  const spec = (split: object) => specOf({ train: [sorted], label: "kind" }, split, measure);
  const { train: trained, validation } = await loadSplit(spec(holdOut));
  expect([trained, validation].map(({ labels }) => labels.filter((label) => label === 0).length)).toEqual([25, 5]);
  const { runs } = await outcome(train(spec(holdOut), await loadSplit(spec(holdOut))));
  expect(runs[0].final?.validation?.accuracy).toBe(1);
  const plain = await loadSplit(spec({ ...holdOut, stratified: false }));
  expect(new Set(plain.validation.labels)).toEqual(new Set([1]));
});

test("files that are all of one class have nothing to learn", async () => {
  const alone = join(folder, "alone.csv");
  await writeFile(alone, "label,a\n1,2\n1,3\n1,4\n");
  const spec = specOf({ train: [alone] }, { kind: "hold-out", validation: 1 }, { evaluate: { test: false } });
  await expect(loadSplit(spec)).rejects.toMatchObject({ code: "data", complaint: 'all images are of one class, "1"' });
});

test("of CIFAR-10's members only the images that a limit keeps are read, the same as of all", async () => {
  const wholes = { batches: { kind: "batches", train: [2, 1], validation: [3] }, "hold-out": holdOut };
  const cases = Object.entries(wholes).flatMap(([kind, division]) =>
    [40, 10_050].map((train) => ({ kind, division, train })),
  );
  for (const { kind, division, train } of cases) {
    const limit = { train, validation: 30, test: 7 };
    const reserved: number[] = [];
    const reserve = (bytes: number) => {
      reserved.push(bytes);
      return new Uint8Array(bytes);
    };
    const spec = specOf(undefined, division);
    const whole = await loadSplit(spec);
    const limited = await loadSplit({ ...spec, data: { ...spec.data, limit } }, undefined, reserve);
    for (const part of ["train", "validation", "test"] as const) {
      const count = Math.min(limit[part], whole[part].count);
      const [kept, read] = [slice(whole[part], 0, count), slice(limited[part], 0, count)];
      expect(Buffer.compare(kept.images, read.images), part).toBe(0);
      expect(read.labels).toEqual(kept.labels);
    }
    // What else is divided is divided whole.
    const images = kind === "batches" ? train + 30 + 7 : 50_000 + 7;
    const longest = kind === "batches" ? Math.min(10_000, train) : 10_000;
    expect(reserved).toEqual([images * 3072 + longest]);
  }
});
