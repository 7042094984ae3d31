import type { Activation, Device, Tensor } from "../math/device.ts";
import { reluBackward, reluForward } from "./relu.ts";

/** What a hidden node makes of its score. The description is data; this gives it its meaning. */
export type ActivationDescription = { readonly kind: "relu" } | Activation;

/** Whether the backward pass needs the scores s themselves: of h it must be enough to know where it is above 0, as dropout scales it. */
export function readsScores(activation: ActivationDescription | undefined): boolean {
  return activation?.kind === "gelu" || activation?.kind === "tanh";
}

/** h = f(s); without a description f is the ReLU. */
export function activationForward(
  device: Device,
  activation: ActivationDescription | undefined,
  h: Tensor, // written [members, out, n]; may be `s` where `readsScores` does not need it
  s: Tensor,
): void {
  if (activation === undefined || activation.kind === "relu") reluForward(device, h, s);
  else device.activate(h, s, activation);
}

// Leaky ReLU: h = s above 0, else a s             dh/ds = 1 where h > 0, else a
// GELU:       h = s g,  g = sigmoid(2u)            dh/ds = g + s g (1 - g) 2 du/ds
//             u = c (s + 0.044715 s^3)             du/ds = c (1 + 3 0.044715 s^2),  c = sqrt(2 / pi)
// tanh:       h = tanh s                           dh/ds = 1 - tanh^2 s
export function activationBackward(
  device: Device,
  activation: ActivationDescription | undefined,
  ds: Tensor, // written [members, out, n]; may be `dh`
  dh: Tensor,
  h: Tensor, // as the forward pass left it
  s: Tensor, // as the forward pass read it, where `readsScores`
): void {
  if (activation === undefined || activation.kind === "relu") reluBackward(device, ds, dh, h);
  else device.activationGradient(ds, dh, readsScores(activation) ? s : h, activation);
}
