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
