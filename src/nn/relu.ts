import type { Device, Tensor } from "../math/device.ts";

/** h = max(0, s). */
export function reluForward(
  device: Device,
  h: Tensor, // written; may be `s`
  s: Tensor,
): void {
  device.relu(h, s);
}

// dh/ds is 1 where s > 0 and 0 elsewhere, at the corner s = 0 too; s > 0 exactly where h > 0.
export function reluBackward(
  device: Device,
  ds: Tensor, // written; may be `dh`
  dh: Tensor,
  h: Tensor,
): void {
  device.reluGradient(ds, dh, h);
}
