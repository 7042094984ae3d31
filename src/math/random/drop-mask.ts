import type { Dropout } from "../device.ts";
import { generatorFrom } from "./distributions.ts";
import { Philox } from "./philox.ts";

/** What `Device.drop` writes into a mask of so many numbers: [members, ...]. */
export function dropMask(size: number, { keys, rates, indices: [first, second] }: Dropout): Float64Array<ArrayBuffer> {
  const length = size / rates.length;
  const mask = new Float64Array(size);
  for (const [member, rate] of rates.entries()) {
    const generator = generatorFrom(new Philox(keys.subarray(2 * member, 2 * member + 2), [first, second, 0]));
    const values = generator.random(length).map((value) => (value < rate ? 0 : 1 / (1 - rate)));
    mask.set(values, member * length);
  }
  return mask;
}
