import type { Device, Tensor } from "../math/device.ts";

/** output = y + x: what a layer makes, and beside it what it read (He et al. 2016). */
export function shortcutForward(
  device: Device,
  output: Tensor, // written [members, width, n]
  y: Tensor, // [members, width, n]
  x: Tensor, // [members, width, n]
): void {
  add(device, output, y, x);
}

// With D = dJ/doutput:  dJ/dy = D,  and D reaches x a second way, beside W^T dS:
//   dJ/dx = W^T dS + D
export function shortcutBackward(
  device: Device,
  dx: Tensor, // added to, [members, width, n]
  dOutput: Tensor, // [members, width, n]
): void {
  add(device, dx, dOutput, dx);
}

/** to <- from */
export function copy(
  device: Device,
  to: Tensor, // written
  from: Tensor, // its shape
): void {
  const members = from.shape[0];
  const [alpha, beta] = [new Float64Array(members).fill(1), new Float64Array(members)];
  device.combine({ target: to, base: to, alpha, beta }, from);
}

function add(device: Device, to: Tensor, a: Tensor, b: Tensor): void {
  const ones = new Float64Array(a.shape[0]).fill(1);
  device.combine({ target: to, base: b, alpha: ones, beta: ones }, a);
}
