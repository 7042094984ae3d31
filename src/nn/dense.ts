import type { Device, Into, Tensor } from "../math/device.ts";

/** S = W X + b 1^T: every node's score is a weighted sum of its inputs. */
export function denseForward(
  device: Device,
  s: Tensor, // written [members, out, n]
  w: Tensor, // [members, out, in]
  x: Tensor, // [members or shared, in, n]
  b: Tensor, // [members, out, 1]
): void {
  device.affine(s, w, x, b);
}

// With G = dJ/dS [out, n]:
//   dJ/dX = W^T G,   dJ/dW = G X^T,   dJ/db = G 1
// The 1/n of the mean stands in G; the penalty's 2 lambda W stands in `dw`'s beta.
export function denseBackward(
  device: Device,
  dx: Tensor | undefined, // written [members, in, n]; left out for the first layer
  dw: Into, // target written [members, out, in]
  db: Into, // target written [members, out, 1]
  ds: Tensor, // [members, out, n]
  w: Tensor, // [members, out, in]; read before `dw` may overwrite it
  x: Tensor, // [members or shared, in, n]
): void {
  if (dx !== undefined) device.transposeProduct(dx, w, ds); // dX = W^T dS
  device.outerProduct(dw, ds, x); // dW = dS X^T
  device.sampleSum(db, ds); // db = dS 1
}
