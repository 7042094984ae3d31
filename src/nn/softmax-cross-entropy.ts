import type { Device, Tally, Tensor } from "../math/device.ts";

/**
 * p = softmax(s) for each sample, and each member's tally of [sum of losses, number of right answers].
 *
 * The loss of one sample is -log p_y = log(sum_k e^(s_k - m)) - (s_y - m) with m = max_k s_k: no exponential
 * overflows and no logarithm sees 0, so it is finite for any scores whose differences are.
 */
export function softmaxCrossEntropyForward(
  device: Device,
  p: Tensor, // written [members, classes, n]; may be `s`
  tally: Tally, // added to, [1, members, 2]
  s: Tensor, // [members, classes, n]
  labels: Tensor, // [1, 1, n]
): void {
  device.softmaxCrossEntropy(p, tally, s, labels);
}

// L = (1/n) sum_j -log p_{y_j, j}, and d(-log p_y)/ds_k = p_k - [k = y], so
//   dL/dS = (P - Y) / n
export function softmaxCrossEntropyBackward(
  device: Device,
  ds: Tensor, // written [members, classes, n]; may be `p`
  p: Tensor, // [members, classes, n]
  labels: Tensor, // [1, 1, n]
): void {
  device.softmaxCrossEntropyGradient(ds, p, labels);
}
