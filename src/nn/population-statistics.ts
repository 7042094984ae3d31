import type { Device, Statistics, Tensor } from "../math/device.ts";
import type { Activations } from "./activations.ts";
import { type Architecture, isNormalised } from "./architecture.ts";
import type { Averages } from "./averages.ts";
import { hiddenForward } from "./mlp.ts";
import type { Parameters } from "./parameters.ts";

/** Images a part at a time: brings `n` of them from number `from` on into a batch of as many. */
export interface Parts {
  readonly total: number;
  readonly atOnce: number;
  load(from: number, n: number): { readonly x: Tensor; readonly activations: Activations };
}

// Layer by layer from the input: those below are normalised by what was found for them, so that every normalised feature has
// mean 0 and variance 1 over all the images. What Wu and Johnson 2021 call precise, of one mini-batch of all images.
//
// Of n images that have mean m and variance v, and k more with m' and v', with the share w = k / (n + k) and d = m' - m:
//   mean = m + w d,   variance = (1 - w) v + w v' + w (1 - w) d^2           (Chan et al. 1983)
/** Each hidden layer's mean and variance over all images, where it is normalised. Returns false where `isStopped` cut it short. */
export function populationStatistics(
  device: Device,
  architecture: Architecture,
  averages: Averages, // written
  parameters: Parameters,
  { total, atOnce, load }: Parts,
  isStopped: () => boolean = () => false,
): boolean {
  for (const [index, average] of averages.entries()) {
    if (average === undefined || !isNormalised(architecture, index)) continue;
    const distance = device.tensor(average.mean.shape);
    for (let from = 0; from < total; from += atOnce) {
      if (isStopped()) {
        device.free(distance);
        return false;
      }
      const n = Math.min(atOnce, total - from);
      const { x, activations } = load(from, n);
      const below = averages.slice(0, index);
      let input = x;
      for (let at = 0; at <= index; at++) {
        input = hiddenForward(device, architecture, activations, parameters, at, input, { averages: below });
      }
      const found = activations.hidden[index].norm?.statistics;
      if (found !== undefined) merge(device, average, found, distance, n / (from + n));
    }
    device.free(distance);
  }
  return true;
}

/** Takes the statistics of more samples into those of the first; `share` is theirs of all. */
function merge(
  device: Device,
  into: Statistics,
  { mean, variance }: Statistics,
  distance: Tensor,
  share: number,
): void {
  const each = (value: number) => new Float64Array(mean.shape[0]).fill(value);
  const blend = (target: Tensor, alpha: number, source: Tensor, beta: number, base = target) =>
    device.combine({ target, base, alpha: each(alpha), beta: each(beta) }, source);
  if (share === 1) {
    blend(into.mean, 1, mean, 0);
    blend(into.variance, 1, variance, 0);
    return;
  }
  blend(distance, 1, mean, -1, into.mean);
  blend(into.variance, share, variance, 1 - share);
  const part = each(share * (1 - share));
  device.combineSquares({ target: into.variance, base: into.variance, alpha: part, beta: each(1) }, distance);
  blend(into.mean, share, distance, 1);
}
