import { expect, test } from "vitest";
import { nodeUnpacker } from "../files/inflate.node.ts";
import { readNpz } from "../files/npz.ts";
import type { NamedArrays, NumberArray } from "../files/number-array.ts";
import { smallModel } from "../model/fixtures/small-model.ts";
import { encodeNpz } from "../model/npz.ts";
import { modelOfArrays } from "./student-model.ts";

const norm = { place: "after-relu", layers: "all", affine: true, eps: 1e-9 } as const;

test.each([
  ["two layers", {}],
  ["float64", { dtype: "f64" }],
  ["softmax regression", { hidden: [] }],
  ["normalised", { hidden: [4, 5], batchNorm: norm }],
  [
    "normalised but for the last, without gains",
    { hidden: [4, 5], batchNorm: { ...norm, place: "before-relu", layers: "all-but-last", affine: false } },
  ],
] as const)("an .npz of Gradus is read back to the last bit: %s", async (_, changes) => {
  const model = smallModel(changes);
  const { weights, classes, preprocessing, batchNorm, hidden, dtype } = await modelOfArrays(
    readNpz(encodeNpz(model), "m.npz", nodeUnpacker),
    "m.npz",
    {},
  );
  expect({ weights, classes, preprocessing, batchNorm, hidden, dtype }).toEqual({
    weights: model.weights,
    classes: model.classes,
    preprocessing: model.preprocessing,
    batchNorm: model.batchNorm,
    hidden: model.hidden,
    dtype: model.dtype,
  });
});

test("weights alone ask what they were trained as", async () => {
  const array = (shape: number[]): NumberArray => ({
    type: "f8",
    shape,
    isColumnMajor: false,
    isLittleEndian: true,
    bytes: new Uint8Array(8 * shape.reduce((a, b) => a * b, 1)),
    at: 0,
  });
  const arrays: NamedArrays = new Map([
    ["W", array([2, 3])],
    ["b", array([2])],
  ]);
  await expect(modelOfArrays(arrays, "mine.npz", {})).rejects.toMatchObject({
    code: "usage",
    place: "mine.npz",
    remedy: expect.stringContaining("--trained-as"),
  });
});
