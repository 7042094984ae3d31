import type { Device } from "../../device.ts";
import { smallestOf } from "../../extremes.ts";

/** How much faster a GPU must be to be taken where the spec leaves the device open: its bits are its own. */
const WORTH = 1.5;

/** Steps between two looks, as a training takes them. */
const STEPS = 20;

/** Whether `gpu` is worth taking in place of `other`: by the products of a step of the published network, 3072-50-10 on 100 images. */
export async function isWorthTaking(
  gpu: Device,
  other: Device,
  now: () => number, // milliseconds
): Promise<boolean> {
  const [gpuTime, otherTime] = [await stretchTime(gpu, now), await stretchTime(other, now)];
  return gpuTime * WORTH < otherTime;
}

/** Milliseconds of a stretch of steps, the best of three; the first, which compiles, does not count. */
async function stretchTime(device: Device, now: () => number): Promise<number> {
  const [out, inputs, n, count] = [50, 3072, 100, 200];
  const images = Uint8Array.from({ length: count * inputs }, (_, i) => (i * 151) % 256);
  const set = device.upload(images, new Uint8Array(count));
  const [scale, shift, w, b] = [[inputs], [inputs], [1, out, inputs], [1, out, 1]].map((shape) => device.tensor(shape));
  device.write(scale, new Float64Array(inputs).fill(1 / 256));
  const [x, y, s] = [device.batch(inputs, n), device.tensor([1, 1, n]), device.tensor([1, out, n])];
  const [alpha, beta] = [Float64Array.of(-0.01), Float64Array.of(1)];
  const stretch = async () => {
    const began = now();
    for (let step = 0; step < STEPS; step++) {
      const rows = Uint32Array.from({ length: n }, (_, j) => (j * 7 + step) % count);
      device.gather(x, y, set, rows, { scale, shift });
      device.affine(s, w, x, b);
      device.relu(s, s);
      device.outerProduct({ target: w, base: w, alpha, beta }, s, x);
      // A device that is quick to read is read at each step.
      if (!device.readsSlowly) await device.read(b);
    }
    await device.read(b);
    return now() - began;
  };
  await stretch();
  const times = [await stretch(), await stretch(), await stretch()];
  for (const memory of [scale, shift, w, b, x, y, s]) device.free(memory);
  device.release(set);
  return smallestOf(times);
}
