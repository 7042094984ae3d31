import { describe, expect, test } from "vitest";
import { bytes, integer, message, text } from "../files/protobuf.ts";
import { createDevice } from "../math/select.ts";
import { classify } from "./classify.ts";
import { decodeOnnx } from "./decode-onnx.ts";
import { meanProbabilities } from "./ensemble.ts";
import { smallModel } from "./fixtures/small-model.ts";
import type { Model } from "./model.ts";
import { encodeOnnx } from "./onnx.ts";

const norm = { layers: "all", affine: true, eps: 1e-3 } as const;
const models: readonly [string, Model][] = [
  ["softmax regression", smallModel({ hidden: [] })],
  ["ReLUs", smallModel({ hidden: [5, 4] })],
  ["in f64, of no known shape", { ...smallModel({ hidden: [5], dtype: "f64" }), shape: undefined }],
  ["leaky ReLUs", { ...smallModel({ hidden: [5, 4] }), activation: { kind: "leaky-relu", slope: 0.25 } }],
  ["tanh", { ...smallModel({ hidden: [5, 4] }), activation: { kind: "tanh" } }],
  ["GELUs with shortcuts", { ...smallModel({ hidden: [4, 4, 4] }), activation: { kind: "gelu" }, residual: true }],
  ["a norm before the ReLU", smallModel({ hidden: [5, 4], batchNorm: { ...norm, place: "before-relu" } })],
  ["a norm after the ReLU", smallModel({ hidden: [5, 4], batchNorm: { ...norm, place: "after-relu" } })],
  [
    "a norm of all layers but the last, without gains",
    smallModel({ hidden: [5, 4], batchNorm: { ...norm, place: "before-relu", layers: "all-but-last", affine: false } }),
  ],
  [
    "shortcuts, a norm after the tanh",
    {
      ...smallModel({ hidden: [4, 4, 4], batchNorm: { ...norm, place: "after-relu" } }),
      activation: { kind: "tanh" },
      residual: true,
    },
  ],
];
const images = Uint8Array.from({ length: 40 * 6 }, (_, at) => (at * 97) % 256);

async function probabilitiesOf(model: Model): Promise<Float64Array> {
  const device = await createDevice("wasm", "f64");
  const probabilities = await classify(model, images, device);
  device.close();
  return Float64Array.from(probabilities);
}

function expectClose(a: Float64Array, b: Float64Array): void {
  expect(a.length).toBe(b.length);
  // Weights are rounded to float32 in the file, once.
  expect(a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at])), 0)).toBeLessThan(1e-5);
}

describe.each(models)("%s", (_, model) => {
  test.each(["fold", "keep"] as const)("is read back, norms as they are (%s)", async (batchNorm) => {
    const file = encodeOnnx(model, { batchNorm });
    const [back, ...others] = decodeOnnx(Buffer.from(file), "a.onnx"); // as a file is read
    expect(others).toEqual([]);
    // Every number to the last bit: written again, the file is the same.
    expect(encodeOnnx(back, { batchNorm: "keep" })).toEqual(file);
    const { name, dataset, hidden, shape, classes, activation, residual, dtype } = model;
    expect(back).toMatchObject({ name, dataset, hidden, classes, dtype });
    expect([back.shape, back.activation, back.residual]).toEqual([shape, activation, residual]);
    if (batchNorm === "keep") expect(back.batchNorm?.layers).toBe(model.batchNorm?.layers);
    expectClose(await probabilitiesOf(back), await probabilitiesOf(model));
  });
});

test("several models come back as several, whatever each is", async () => {
  const all = models.filter(([, { dtype, shape }]) => dtype === "f32" && shape).map(([, model]) => model);
  const file = encodeOnnx(all, { batchNorm: "keep" });
  const back = decodeOnnx(file, "a.onnx");
  expect(back.map(({ hidden }) => hidden)).toEqual(all.map(({ hidden }) => hidden));
  const [expected, actual] = await Promise.all(
    [all, back].map(async (some) => meanProbabilities(await Promise.all(some.map(probabilitiesOf)))),
  );
  expectClose(Float64Array.from(actual), Float64Array.from(expected));
});

test("a model that normalises images by each other is not written: a graph could not", () => {
  const model = smallModel({ batchNorm: { ...norm, place: "before-relu", statistics: "adaptive" } });
  expect(() => encodeOnnx(model)).toThrow(/normalises images by the statistics of all/);
});

describe("what is none of Gradus's is refused at the first node that is not so", () => {
  const node = (kind: string, inputs: string[], name: string) =>
    bytes(1, message(...inputs.map((input) => text(1, input)), text(2, `${name}_out`), text(3, name), text(4, kind)));
  const graph = (...fields: Uint8Array[]) => message(integer(1, 8), bytes(7, message(...fields)));

  test.each<[string, Uint8Array, string]>([
    ["another network", graph(node("Conv", ["x", "w"], "features.0")), 'node 1, Conv "features.0": expected Cast'],
    ["an empty graph", graph(text(2, "nothing")), "the graph ends: expected Cast"],
    ["no graph", message(integer(1, 8)), "without a graph"],
  ])("%s", (_, file, complaint) => {
    expect(() => decodeOnnx(file, "a.onnx")).toThrow(complaint);
    expect(() => decodeOnnx(file, "a.onnx")).toThrow(expect.objectContaining({ code: "data", place: "a.onnx" }));
  });

  const plain = encodeOnnx(smallModel({ hidden: [5, 4] }));
  /** Text for text of the same length, wherever it stands. */
  const changed = (from: string, to: string) => {
    const file = Buffer.from(plain);
    for (let at = file.indexOf(from); at >= 0; at = file.indexOf(from, at + 1)) file.write(to, at);
    return new Uint8Array(file);
  };
  test.each([
    ["Relu", "Selu", 'node 5, Selu "h1": expected Relu, LeakyRelu, Tanh or a gelu of "s1"'],
    ["Softmax", "Sigmoid", 'node 9, Sigmoid "probabilities": expected Relu'],
    ["ArgMax", "ArgMin", 'node 10, ArgMin "label": expected ArgMax of "probabilities" with axis 1, keepdims 0'],
    ["transB", "transA", 'node 4, Gemm "s1": expected Gemm of "x", "W1", "b1" with transB 1'],
    ["classes", "klasses", "metadata.classes is not JSON"],
  ])("%s that is %s", (from, to, complaint) => {
    expect(() => decodeOnnx(changed(from, to), "a.onnx")).toThrow(complaint);
  });

  test("one that is cut off, wherever before its metadata", () => {
    for (let end = 0; end < Buffer.from(plain).indexOf("classes"); end += 7) {
      expect(() => decodeOnnx(plain.subarray(0, end), "a.onnx")).toThrow(expect.objectContaining({ code: "data" }));
    }
  });
});
