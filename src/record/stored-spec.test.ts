import { expect, test } from "vitest";
import { parseSpec } from "./parse-spec.ts";
import { storedSpecSchema } from "./stored-spec.ts";

const spec = (dataset: unknown, split: object) => ({
  data: { dataset, split },
  training: { epochs: 1, schedule: { kind: "constant", rate: 0.1 } },
  evaluate: { test: false },
});
const files = { train: ["a.csv"] };
const holdOut = { kind: "hold-out", validation: 10 };

test("a new spec of files holds out by class, a stored one that does not say so its last images", () => {
  expect(parseSpec(spec(files, holdOut)).data.split).toEqual({ ...holdOut, stratified: true });
  expect(storedSpecSchema.parse(spec(files, holdOut)).data.split).toEqual({ ...holdOut, stratified: false });
  for (const stratified of [true, false]) {
    const document = spec(files, { ...holdOut, stratified });
    expect(parseSpec(document).data.split).toEqual({ ...holdOut, stratified });
    expect(storedSpecSchema.parse(document).data.split).toEqual({ ...holdOut, stratified });
    expect(parseSpec(storedSpecSchema.parse(document)).data.split).toEqual({ ...holdOut, stratified });
  }
});

test("of CIFAR-10, and of whole files, nothing is added", () => {
  for (const parse of [parseSpec, storedSpecSchema.parse]) {
    expect(parse(spec("cifar-10", holdOut)).data.split).toEqual(holdOut);
    const batches = { kind: "batches", train: [1], validation: [2] };
    expect(parse(spec({ train: ["a.csv", "b.csv"] }, batches)).data.split).toEqual(batches);
  }
});
