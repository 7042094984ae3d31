import { expect, test } from "vitest";
import { nodeUnpacker } from "../files/inflate.node.ts";
import { readNpz } from "../files/npz.ts";
import type { NamedArrays, NumberArray } from "../files/number-array.ts";
import { smallModel } from "../model/fixtures/small-model.ts";
import type { Model } from "../model/model.ts";
import { encodeNpz } from "../model/npz.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { modelOfArrays } from "./student-model.ts";

const norm = { place: "after-relu", layers: "all", affine: true, eps: 1e-9 } as const;
const spec = parseSpec({ training: { batch: 1, steps: 1, schedule: { kind: "constant", rate: 1 } } });

const models: readonly [string, Model][] = [
  ["two layers", smallModel()],
  ["float64", smallModel({ dtype: "f64" })],
  ["softmax regression, of no known shape", { ...smallModel({ hidden: [] }), shape: undefined }],
  ["normalised", smallModel({ hidden: [4, 5], batchNorm: norm })],
  ["normalised by the images", smallModel({ batchNorm: { ...norm, statistics: "adaptive" } })],
  [
    "normalised but for the last, without gains",
    smallModel({
      hidden: [4, 5],
      batchNorm: { ...norm, place: "before-relu", layers: "all-but-last", affine: false },
    }),
  ],
  ["leaky ReLUs", { ...smallModel(), activation: { kind: "leaky-relu", slope: 0.1 } }],
  ["GELUs with shortcuts", { ...smallModel({ hidden: [4, 4] }), activation: { kind: "gelu" }, residual: true }],
];

test.each(models)("an .npz of Gradus is read back to the last bit: %s", async (_, model) => {
  const arrays = readNpz(encodeNpz(model), "m.npz", nodeUnpacker);
  expect(await modelOfArrays(arrays, "m.npz", {})).toEqual(model);
  await expect(modelOfArrays(arrays, "m.npz", { trainedAs: spec })).rejects.toMatchObject({
    code: "usage",
    place: "--trained-as",
  });
});

test("an .npz of Gradus that was saved again without a part of it is refused", async () => {
  const [, , , [, model]] = models;
  const arrays = new Map(readNpz(encodeNpz(model), "m.npz", nodeUnpacker));
  for (const [without, complaint] of [
    ["mean2", "tensor mean2: absent"],
    ["place", "metadata.description.batchNorm.place"],
  ]) {
    const others = new Map([...arrays].filter(([name]) => name !== without));
    await expect(modelOfArrays(others, "m.npz", {})).rejects.toThrow(complaint);
  }
});

/** A float64 array whose numbers are 0, 1, 2, ... */
function array(shape: readonly number[]): NumberArray {
  const values = Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i);
  const bytes = new Uint8Array(values.buffer);
  return { type: "f8", shape: [...shape], isColumnMajor: false, isLittleEndian: true, bytes, at: 0 };
}

test("weights alone ask what they were trained as", async () => {
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

test("weights alone are a network of the data that they were trained on, whatever layers it has", async () => {
  const trainedAs = { ...spec, data: { ...spec.data, limit: { train: 50, validation: 1, test: 1 } } };
  const layersOf = (widths: readonly number[]): NamedArrays =>
    new Map(
      widths.slice(1).flatMap((out, i) => [
        [`W${i + 1}`, array([out, widths[i]])],
        [`b${i + 1}`, array([out])],
      ]),
    );
  const model = await modelOfArrays(layersOf([3072, 4, 5, 10]), "mine.npz", { trainedAs });
  expect(model).toMatchObject({ name: "mine.npz", hidden: [4, 5], dimension: 3072, dtype: "f64", shape: [3, 32, 32] });
  expect(Object.keys(model.weights)).toEqual(["W1", "b1", "W2", "b2", "W3", "b3"]);
  expect(model.weights.W2).toEqual({ shape: [5, 4], values: Float64Array.from({ length: 20 }, (_, i) => i) });
  expect((await modelOfArrays(layersOf([3072, 10]), "mine.npz", { trainedAs })).hidden).toEqual([]);
  await expect(modelOfArrays(layersOf([3000, 4, 10]), "mine.npz", { trainedAs })).rejects.toMatchObject({
    code: "data",
    complaint: "it takes 3000 numbers and has 10 classes; the images have 3072 and 10",
  });
});
