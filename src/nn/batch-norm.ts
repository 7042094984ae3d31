import type { Affine, Device, Into, Statistics, Tensor } from "../math/device.ts";

// For one feature of one member, over the n samples of a mini-batch (Ioffe and Szegedy 2015, algorithm 1):
//   mean = sum s_j / n,   variance = sum (s_j - mean)^2 / n
//   x_j = (s_j - mean) / sqrt(variance + eps),   y_j = gamma x_j + beta

/** Normalises by the samples' own statistics, and keeps what the backward pass reads. */
export function batchNormForward(
  device: Device,
  y: Tensor, // written [members, out, n]; may be `s`
  normalised: Tensor, // written [members, out, n]
  statistics: Statistics, // written
  s: Tensor, // [members, out, n]
  affine: Affine | undefined,
  eps: number,
): void {
  device.batchNorm(y, normalised, statistics, s, affine, eps);
}

// With G_j = dJ/dy_j, gamma and beta appear once a sample:
//   dJ/dgamma = sum G_j x_j,   dJ/dbeta = sum G_j
// s_j reaches J through x_j, through the mean and through the variance. With D_j = gamma G_j = dJ/dx_j and
// r = 1 / sqrt(variance + eps):
//   dJ/dvariance = sum D_j (s_j - mean) (-1/2) r^3 = -(r^2 / 2) sum D_j x_j
//   dJ/dmean = -r sum D_j + dJ/dvariance * (-2/n) sum (s_j - mean) = -r sum D_j       (the last sum is 0)
//   dJ/ds_j = D_j r + dJ/dmean / n + dJ/dvariance * 2 (s_j - mean) / n
//           = r (D_j - (1/n) sum D_i - x_j (1/n) sum D_i x_i)
// The three terms sum to 0 over j: adding a constant to s changes nothing, so the bias before it has gradient 0.
export function batchNormBackward(
  device: Device,
  ds: Tensor, // written [members, out, n]; not `dy`
  dAffine: { readonly gamma: Into; readonly beta: Into } | undefined,
  dy: Tensor, // [members, out, n]
  normalised: Tensor, // as the forward pass left it
  { variance }: Statistics,
  affine: Affine | undefined, // read before `dAffine` may overwrite it
  eps: number,
): void {
  device.batchNormGradient(ds, dy, normalised, variance, affine?.gamma, eps);
  if (dAffine === undefined) return;
  device.sampleProductSum(dAffine.gamma, dy, normalised); // dgamma = sum G x
  device.sampleSum(dAffine.beta, dy); // dbeta = sum G
}

/** average <- keep average + (1 - keep) statistic, for both, one `keep` a member; with 0 the averages begin anew. */
export function moveAverages(
  device: Device,
  averages: Statistics, // written
  statistics: Statistics,
  keep: Float64Array, // [members]
): void {
  const take = keep.map((part) => 1 - part);
  for (const name of ["mean", "variance"] as const) {
    const average = averages[name];
    device.combine({ target: average, base: average, alpha: take, beta: keep }, statistics[name]);
  }
}
