import { expect, test } from "vitest";
import { parseSpec } from "./parse-spec.ts";

const spec = (dataset: unknown, more: object = {}, split: unknown = { kind: "hold-out", validation: 10 }) => ({
  data: { dataset, split },
  training: { epochs: 1, schedule: { kind: "constant", rate: 0.1 } },
  ...more,
});

test("files instead of CIFAR-10", () => {
  const files = { train: ["a.csv", "b.csv"], test: "c.csv", label: "digit" };
  expect(parseSpec(spec(files)).data.dataset).toEqual(files);
  expect(parseSpec(spec({ train: ["a"] }, { evaluate: { test: false } })).data.dataset).toEqual({ train: ["a"] });
  expect(parseSpec(spec(files, {}, { kind: "batches", train: [2], validation: [1] })).data.split.kind).toBe("batches");
});

test.each<[dataset: unknown, place: string, complaint: RegExp, split?: unknown]>([
  [{ trian: ["a"] }, "data.dataset.trian", /unknown "trian"; did you mean "train"\? known: train, test, label/],
  [{ train: [] }, "data.dataset.train", /\[\]; must be a list of at least 1/],
  [{ train: "a.csv" }, "data.dataset.train", /"a.csv"; must be a list/],
  [{ train: [5] }, "data.dataset.train.0", /5; must be a text/],
  [{ train: [""] }, "data.dataset.train.0", /must be a text of at least 1 character/],
  [{ train: ["a"], test: ["b"] }, "data.dataset.test", /must be a text/],
  [{}, "data.dataset.train", /missing; must be a list/],
  [3, "data.dataset", /3; must be "cifar-10", "mnist", or an object with the key train/],
  [["a.csv"], "data.dataset", /must be "cifar-10", "mnist", or an object/],
  ["cifar-100", "data.dataset", /unknown "cifar-100"; did you mean "cifar-10"/],
  [{ train: ["a"] }, "evaluate.test", /true, and data.dataset names no test images/],
  [{ train: ["a", "a"], test: "b" }, "data.dataset.train.1", /"a" is named twice/],
  [{ train: ["a"], test: "a" }, "data.dataset.test", /"a" is in data.dataset.train too/],
  [
    { train: ["a"], test: "b" },
    "data.split.validation.0",
    /2; must be at most 1: data.dataset.train names 1 file/,
    { kind: "batches", train: [1], validation: [2] },
  ],
])("%j is refused", (dataset, place, complaint, split) => {
  const attempt = () => parseSpec(spec(dataset, {}, split));
  expect(attempt).toThrow(complaint);
  expect(attempt).toThrow(expect.objectContaining({ code: "spec", place, remedy: expect.stringMatching(/.{10}/) }));
});
