import type { ClassLoss, Device, Mixture, Tally, Tensor } from "../math/device.ts";
import { softmaxCrossEntropyBackward, softmaxCrossEntropyForward } from "./softmax-cross-entropy.ts";

/** What a network's scores are judged by. The description is data; this gives it its meaning. */
export type LossDescription =
  | { readonly kind: "softmax"; readonly smoothing: number }
  | { readonly kind: "sigmoid"; readonly over: "mean" | "sum" }
  | { readonly kind: "hinge"; readonly margin: number };

/** p and each member's tally of [sum of losses, number of right answers]; without a description softmax cross-entropy. */
export function lossForward(
  device: Device,
  description: LossDescription | undefined,
  p: Tensor, // written [members, classes, n]; may be `s`
  tally: Tally, // added to, [1, members, 2]
  s: Tensor, // [members, classes, n]
  labels: Tensor, // [1, 1, n]
  mixture?: Mixture, // of targets with two labels
): void {
  const loss = classLossOf(description, s.shape[1], mixture);
  if (loss === undefined) softmaxCrossEntropyForward(device, p, tally, s, labels);
  else device.classLoss(p, tally, s, labels, loss, mixture);
}

// Smoothed softmax: l = -sum_k t_k log p_k, t = (1 - a) y + a / K     dl/ds = p - t
// Sigmoid:          l = -w sum_k (y_k log p_k + (1 - y_k) log(1 - p_k))   dl/ds = w (p - y)
// Of two labels y and z, y with the share a: Y = a [k = y] + (1 - a) [k = z] in both.
// Hinge:            l = sum_{k != y} max(0, s_k - s_y + margin)         dl/ds_k = [within], dl/ds_y = -their number
export function lossBackward(
  device: Device,
  description: LossDescription | undefined,
  ds: Tensor, // written [members, classes, n]; may be `p`
  p: Tensor, // as `lossForward` left it
  labels: Tensor, // [1, 1, n]
  mixture?: Mixture, // as in `lossForward`
): void {
  const loss = classLossOf(description, p.shape[1], mixture);
  if (loss === undefined) softmaxCrossEntropyBackward(device, ds, p, labels);
  else device.classLossGradient(ds, p, labels, loss, mixture);
}

/** The loss as a device knows it; undefined for plain softmax cross-entropy. */
function classLossOf(
  loss: LossDescription | undefined,
  classes: number,
  mixture: Mixture | undefined,
): ClassLoss | undefined {
  if (loss === undefined) return mixture && { kind: "smoothed", smoothing: 0 };
  switch (loss.kind) {
    case "softmax":
      return loss.smoothing === 0 && mixture === undefined
        ? undefined
        : { kind: "smoothed", smoothing: loss.smoothing };
    case "sigmoid":
      return { kind: "sigmoid", weight: loss.over === "mean" ? 1 / classes : 1 };
    case "hinge":
      return loss;
  }
}
