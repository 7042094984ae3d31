import type { Device } from "../math/device.ts";
import { power } from "../math/elementary/power.ts";
import type { Parameters } from "../nn/parameters.ts";

/** How weights are averaged over the updates. The description is data; this gives it its meaning. */
export type AverageDescription =
  /** A mean in which the weights of each update count `decay` times those of the next. */
  | { readonly kind: "ema"; readonly decay: number }
  /** The plain mean of the weights after `first` updates and after every `every` from then on. */
  | { readonly kind: "swa"; readonly first: number; readonly every: number };

/** Whether anything is averaged yet after `steps` updates; until then the average is the weights themselves. */
export function hasBegun(average: AverageDescription, steps: number): boolean {
  return steps >= (average.kind === "ema" ? 1 : average.first);
}

// average <- average + share (theta - average)
// ema: the mean of theta_1 to theta_t with the weights d^(t - i):      share = (1 - d) / (1 - d^t)
// swa: the mean of n samples (Izmailov et al. 2018, algorithm 1):      share = 1 / n
/** The share of the weights after `steps` updates in their average; 0 where they are no part of it. */
function shareOf(average: AverageDescription, steps: number): number {
  if (!hasBegun(average, steps)) return 0;
  if (average.kind === "ema") return (1 - average.decay) / (1 - power(average.decay, steps));
  const since = steps - average.first;
  return since % average.every === 0 ? 1 / (since / average.every + 1) : 0;
}

/** Takes the weights after `steps` updates into their averages, where they are a part of it. */
export function averageWeights(
  device: Device,
  averages: Parameters, // written
  parameters: Parameters,
  descriptions: readonly AverageDescription[], // one a member; those that are sampled are sampled at the same updates
  steps: number,
): void {
  const alpha = Float64Array.from(descriptions, (description) => shareOf(description, steps));
  if (alpha.every((share) => share === 0)) return;
  const beta = alpha.map((share) => 1 - share);
  for (const [name, theta] of Object.entries(parameters)) {
    const average = averages[name];
    device.combine({ target: average, base: average, alpha, beta }, theta);
  }
}

/** Sets the averages to the weights. */
export function beginWeights(
  device: Device,
  averages: Parameters, // written
  parameters: Parameters,
  members: number,
): void {
  const [alpha, beta] = [new Float64Array(members).fill(1), new Float64Array(members)];
  for (const [name, theta] of Object.entries(parameters)) {
    device.combine({ target: averages[name], base: averages[name], alpha, beta }, theta);
  }
}
