import { describe, expect, test } from "vitest";
import type { Device, Dtype } from "../math/device.ts";
import { stream } from "../math/random/stream.ts";
import { createDevice } from "../math/select.ts";
import { batchNormBackward, batchNormForward, moveAverages } from "./batch-norm.ts";

const kinds: [name: string, dtype: Dtype, digits: number][] = [
  ["reference", "f64", 12],
  ["wasm", "f64", 12],
  ["wasm", "f32", 4],
];

describe.each(kinds)("on %s %s", (name, dtype, digits) => {
  const setUp = async (members: number, out: number, n: number) => {
    const device = await createDevice(name, dtype);
    const statistics = { mean: device.tensor([members, out, 1]), variance: device.tensor([members, out, 1]) };
    const [s, y, normalised] = [0, 1, 2].map(() => device.tensor([members, out, n]));
    return { device, statistics, s, y, normalised };
  };

  test("mean, biased variance and both outputs of numbers worked out by hand", async () => {
    const { device, statistics, s, y, normalised } = await setUp(2, 2, 4);
    device.write(s, [1, 2, 3, 6, -1, -1, 1, 1, 10, 10, 14, 14, 0, 4, 4, 0]);
    const affine = { gamma: device.tensor([2, 2, 1]), beta: device.tensor([2, 2, 1]) };
    device.write(affine.gamma, [2, 1, 0.5, -3]);
    device.write(affine.beta, [0, 5, 1, 1]);
    batchNormForward(device, y, normalised, statistics, s, affine, 0);
    const r = 1 / Math.sqrt(3.5);
    await close(device, statistics.mean, [3, 0, 12, 2]);
    await close(device, statistics.variance, [3.5, 1, 4, 4]); // divided by 4, not by 3
    await close(device, normalised, [-2 * r, -r, 0, 3 * r, -1, -1, 1, 1, -1, -1, 1, 1, -1, 1, 1, -1]);
    await close(device, y, [-4 * r, -2 * r, 0, 6 * r, 4, 4, 6, 6, 0.5, 0.5, 1.5, 1.5, 4, -2, -2, 4]);
  });

  test("without gain and offset the output is what is normalised; it may stand where the scores stood", async () => {
    const { device, statistics, s, normalised } = await setUp(1, 1, 2);
    device.write(s, [7, 9]);
    batchNormForward(device, s, normalised, statistics, s, undefined, 0);
    await close(device, s, [-1, 1]);
    await close(device, normalised, [-1, 1]);
  });

  test("eps is added to the variance: a large one switches the normalisation off", async () => {
    const { device, statistics, s, y, normalised } = await setUp(1, 1, 2);
    device.write(s, [1, 3]);
    batchNormForward(device, y, normalised, statistics, s, undefined, 3);
    await close(device, y, [-0.5, 0.5]);
    await close(device, statistics.variance, [1]); // of the samples alone
    batchNormForward(device, y, normalised, statistics, s, undefined, 1e6);
    for (const value of await device.read(y)) expect(Math.abs(value)).toBeLessThan(1.1e-3);
  });

  test("a feature that is the same for all samples becomes 0 and has no gradient, and neither is NaN", async () => {
    const n = 100;
    const { device, statistics, s, y, normalised } = await setUp(1, 3, n);
    const eps = dtype === "f64" ? 1e-15 : 1e-12; // training's
    device.write(
      s,
      [0, 0.1, -3].flatMap((value) => new Array(n).fill(value)),
    );
    batchNormForward(device, y, normalised, statistics, s, undefined, eps);
    // A mean of equal numbers may round, and eps must hide the variance that this makes.
    for (const value of await device.read(y)) expect(Math.abs(value)).toBeLessThan(dtype === "f64" ? 1e-6 : 0.1);
    expect([...(await device.read(y))].slice(0, n)).toEqual(new Array(n).fill(0));
    expect((await device.read(statistics.variance))[0]).toBe(0);

    const [ds, dy] = [device.tensor([1, 3, n]), device.tensor([1, 3, n])];
    batchNormBackward(device, ds, undefined, dy, normalised, statistics, undefined, eps);
    expect([...(await device.read(ds))]).toEqual(new Array(3 * n).fill(0));
    device.write(dy, stream(1, "dy").standardNormal(3 * n));
    batchNormBackward(device, ds, undefined, dy, normalised, statistics, undefined, eps);
    expect([...(await device.read(ds))].every(Number.isFinite)).toBe(true);
  });

  test("backward: gamma, beta and scores of numbers worked out by hand", async () => {
    const { device, statistics, s, y, normalised } = await setUp(1, 1, 2);
    const affine = { gamma: device.tensor([1, 1, 1]), beta: device.tensor([1, 1, 1]) };
    device.write(affine.gamma, [3]);
    device.write(s, [2, 4]);
    batchNormForward(device, y, normalised, statistics, s, affine, 3);
    // x = [-1/2, 1/2], r = 1/2; D = 3 G = [3, 15], its mean 9, the mean of D x 3
    const [ds, dy, gamma, beta] = [2, 2, 1, 1].map((n) => device.tensor([1, 1, n]));
    device.write(dy, [1, 5]);
    const into = (target: typeof ds) => ({ target, base: target, alpha: Float64Array.of(1), beta: Float64Array.of(0) });
    const dAffine = { gamma: into(gamma), beta: into(beta) };
    batchNormBackward(device, ds, dAffine, dy, normalised, statistics, affine, 3);
    await close(device, gamma, [2]); // -1/2 + 5/2
    await close(device, beta, [6]);
    await close(device, ds, [-2.25, 2.25]); // 1/2 ([3, 15] - 9 - [-1/2, 1/2] 3)
  });

  test("the gradients of a feature's samples sum to 0, and without eps are at right angles to what is normalised", async () => {
    const [out, n] = [5, 11];
    const { device, statistics, s, y, normalised } = await setUp(2, out, n);
    device.write(s, stream(1, "s").standardNormal(s.size));
    batchNormForward(device, y, normalised, statistics, s, undefined, 0);
    const [ds, dy] = [device.tensor(s.shape), device.tensor(s.shape)];
    device.write(dy, stream(1, "dy").standardNormal(dy.size));
    batchNormBackward(device, ds, undefined, dy, normalised, statistics, undefined, 0);
    const [gradient, x] = [await device.read(ds), await device.read(normalised)];
    for (let row = 0; row < 2 * out; row++) {
      const [gradientRow, along] = [gradient, x].map((values) => Array.from(values.subarray(row * n, (row + 1) * n)));
      expect(gradientRow.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, digits);
      expect(gradientRow.reduce((sum, value, j) => sum + value * along[j], 0)).toBeCloseTo(0, digits);
    }
  });

  test("a gradient that is the step itself reads gamma before it changes", async () => {
    const { device, statistics, s, y, normalised } = await setUp(1, 1, 3);
    const affine = { gamma: device.tensor([1, 1, 1]), beta: device.tensor([1, 1, 1]) };
    device.write(affine.gamma, [2]);
    device.write(s, [1, 2, 6]);
    batchNormForward(device, y, normalised, statistics, s, affine, 0);
    const [expected, ds, dy] = [0, 1, 2].map(() => device.tensor([1, 1, 3]));
    device.write(dy, [1, -2, 4]);
    batchNormBackward(device, expected, undefined, dy, normalised, statistics, affine, 0);
    const step = (target: typeof ds) => ({
      target,
      base: target,
      alpha: Float64Array.of(-9),
      beta: Float64Array.of(1),
    });
    const dAffine = { gamma: step(affine.gamma), beta: step(affine.beta) };
    batchNormBackward(device, ds, dAffine, dy, normalised, statistics, affine, 0);
    expect(await device.read(ds)).toEqual(await device.read(expected));
    expect((await device.read(affine.gamma))[0]).not.toBe(2);
  });

  test("averages keep their part, one a member, and begin anew with 0", async () => {
    const { device, statistics } = await setUp(3, 1, 1);
    const averages = { mean: device.tensor([3, 1, 1]), variance: device.tensor([3, 1, 1]) };
    device.write(averages.mean, [1, 1, Number.NaN]);
    device.write(averages.variance, [10, 10, Number.NaN]);
    device.write(statistics.mean, [2, 3, 4]);
    device.write(statistics.variance, [20, 30, 40]);
    moveAverages(device, averages, statistics, Float64Array.of(0.9, 0.5, 0));
    await close(device, averages.mean, [1.1, 2, 4]);
    await close(device, averages.variance, [11, 20, 40]);
  });

  async function close(device: Device, tensor: Parameters<Device["read"]>[0], expected: readonly number[]) {
    const values = await device.read(tensor);
    expect(values.length).toBe(expected.length);
    expected.forEach((value, i) => {
      expect(values[i], `[${i}]`).toBeCloseTo(value, digits);
    });
  }
});
