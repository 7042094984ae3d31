import type { Device, Tally, Tensor } from "../math/device.ts";

/** Adds sum W_ij^2 of each member's weights; the cost is loss + lambda times this over all layers. */
export function squaredNorm(
  device: Device,
  tally: Tally, // added to, [1, members, 1]
  weights: readonly Tensor[], // each [members, out, in]; biases are not penalised
): void {
  for (const w of weights) device.squareSum(tally, w);
}

/** What one weight adds to the cost. */
export function weightPenalty(lambda: number, weight: number): number {
  return lambda * weight * weight;
}

// d(lambda sum W^2)/dW = 2 lambda W: there is no 1/2 in the penalty.
export function penaltySlope(lambda: number): number {
  return 2 * lambda;
}
