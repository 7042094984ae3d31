import { expect, test } from "vitest";
import { stream } from "../math/random/stream.ts";
import { createDevice } from "../math/select.ts";
import { classify } from "./classify.ts";
import { smallModel } from "./fixtures/small-model.ts";
import type { Layer } from "./fold-batch-norm.ts";
import { foldBatchNorm, layersOf } from "./fold-batch-norm.ts";
import type { Model } from "./model.ts";

const images = Uint8Array.from(stream(1, "images").integers(0, 256, 450 * 6));

/** Probabilities by plain arithmetic: x = byte scale + shift, then layer after layer. */
function probabilities({ preprocessing: { scale, shift } }: Model, layers: readonly Layer[]): number[] {
  return Array.from({ length: 450 }, (_, j) => {
    let x = Array.from(scale, (factor, f) => images[j * 6 + f] * factor + shift[f]);
    layers.forEach(({ W, b, inputs }, index) => {
      const s = Array.from(b, (bias, i) => x.reduce((sum, value, k) => sum + W[i * inputs + k] * value, bias));
      x = index < layers.length - 1 ? s.map((value) => Math.max(0, value)) : s;
    });
    const powers = x.map((score) => Math.exp(score - Math.max(...x)));
    return powers.map((power) => power / powers.reduce((sum, term) => sum + term, 0));
  }).flat();
}

const norm = { layers: "all", affine: true, eps: 1e-3 } as const;
const models = [
  smallModel({ hidden: [] }),
  smallModel({ hidden: [5, 4], dtype: "f64" }),
  smallModel({ hidden: [5, 4], batchNorm: { ...norm, place: "before-relu" }, dtype: "f64" }),
  smallModel({ hidden: [5, 4], batchNorm: { ...norm, place: "after-relu" } }),
  smallModel({ hidden: [5, 4, 3], batchNorm: { ...norm, place: "after-relu", layers: "all-but-last", affine: false } }),
];

test.each(models)("every device computes what the folded layers do: $hidden $batchNorm.place", async (model) => {
  const expected = probabilities(model, foldBatchNorm(model));
  // Each device in its precision; 450 images are two whole passes and a part of one.
  for (const [name, dtype, most] of [
    ["reference", "f64", 1e-12],
    ["wasm", "f64", 1e-12],
    ["wasm", "f32", 1e-5],
  ] as const) {
    const device = await createDevice(name, dtype);
    const probabilities = await classify(model, images, device);
    expect(probabilities).toBeInstanceOf(dtype === "f32" ? Float32Array : Float64Array);
    expect(probabilities.length).toBe(450 * 3);
    const difference = expected.reduce(
      (largest, value, at) => Math.max(largest, Math.abs(value - probabilities[at])),
      0,
    );
    expect(difference, `${name} ${dtype}`).toBeLessThan(most);
    device.close();
  }
});

test("without its norms, a network is another", () => {
  for (const model of models.slice(2)) {
    const [folded, bare] = [foldBatchNorm(model), layersOf(model)].map((layers) => probabilities(model, layers));
    expect(Math.max(...folded.map((value, at) => Math.abs(value - bare[at])))).toBeGreaterThan(0.1);
  }
});

test("one image is what it is among many, and none is none", async () => {
  const device = await createDevice("wasm", "f32");
  const [model] = models;
  const all = await classify(model, images, device);
  expect(await classify(model, images.subarray(6 * 401, 6 * 402), device)).toEqual(all.slice(3 * 401, 3 * 402));
  expect(await classify(model, new Uint8Array(0), device)).toEqual(new Float32Array(0));
  await expect(classify(model, new Uint8Array(7), device)).rejects.toMatchObject({
    code: "data",
    message: "images: 7 bytes are no whole number of images of 6 bytes",
  });
  device.close();
});
