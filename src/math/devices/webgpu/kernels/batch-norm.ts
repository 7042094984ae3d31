import { kernel } from "../kernel.ts";
import { groupSum, ROW_LANES } from "./sums.ts";

const affineMap = (value: string) => `select(${value}, gamma[row] * ${value} + beta[row], $isAffine == 1u)`;

/** y = gamma normalised + beta by the samples' own mean and variance; one group a feature of a member. */
export const batchNorm = kernel({
  name: "batchNorm",
  written: ["y", "normalised", "mean", "variance"],
  read: ["s", "gamma", "beta"],
  counts: ["rowCount", "n", "isAffine"],
  numbers: ["eps"],
  lanes: ROW_LANES,
  functions: groupSum(ROW_LANES),
  body: `
  let row = group;
  if (row >= $rowCount) { return; }
  let first = row * $n;
  // From the first sample on: of equal numbers the mean is exact.
  let origin = s[first];
  var sum = 0.0;
  for (var j = lane; j < $n; j += ${ROW_LANES}u) { sum += s[first + j] - origin; }
  let centre = origin + total(lane, sum) / f32($n);
  var squares = 0.0;
  for (var j = lane; j < $n; j += ${ROW_LANES}u) {
    let distance = s[first + j] - centre;
    squares += distance * distance;
  }
  let spread = total(lane, squares) / f32($n);
  let root = sqrt(spread + $eps);
  for (var j = lane; j < $n; j += ${ROW_LANES}u) {
    let value = (s[first + j] - centre) / root;
    normalised[first + j] = value;
    y[first + j] = ${affineMap("value")};
  }
  if (lane == 0u) {
    mean[row] = centre;
    variance[row] = spread;
  }`,
});

/** The same with a mean and a variance that are given. */
export const normalise = kernel({
  name: "normalise",
  written: ["y"],
  read: ["s", "mean", "variance", "gamma", "beta"],
  counts: ["count", "n", "isAffine"],
  numbers: ["eps"],
  body: `
  if (i >= $count) { return; }
  let row = i / $n;
  let value = (s[i] - mean[row]) / sqrt(variance[row] + $eps);
  y[i] = ${affineMap("value")};`,
});

/** dS = gamma / sqrt(variance + eps) (dY - mean(dY) - normalised mean(dY normalised)). */
export const batchNormGradient = kernel({
  name: "batchNormGradient",
  written: ["ds"],
  read: ["dy", "normalised", "variance", "gamma"],
  counts: ["rowCount", "n", "isAffine"],
  numbers: ["eps"],
  lanes: ROW_LANES,
  functions: groupSum(ROW_LANES),
  body: `
  let row = group;
  if (row >= $rowCount) { return; }
  let first = row * $n;
  var sum = 0.0;
  var along = 0.0;
  for (var j = lane; j < $n; j += ${ROW_LANES}u) {
    sum += dy[first + j];
    along += dy[first + j] * normalised[first + j];
  }
  sum = total(lane, sum) / f32($n);
  along = total(lane, along) / f32($n);
  let scale = select(1.0, gamma[row], $isAffine == 1u) / sqrt(variance[row] + $eps);
  for (var j = lane; j < $n; j += ${ROW_LANES}u) {
    ds[first + j] = scale * (dy[first + j] - sum - normalised[first + j] * along);
  }`,
});
