import { first } from "./elementwise";

// Losses other than softmax cross-entropy, in f64 whatever the scores: 0 smoothed targets, 1 sigmoid, 2 hinge. A member is one
// part's, so that its sum has one order: that of the samples.

// With `others` a target has two labels: `shares` of the first, and what is left of 1 of the other.

// Writes p and adds [sum of losses, right answers] to the tallies.
export function classLoss<T>(
  part: i32, parts: i32,
  p: usize, tally: usize, s: usize, labels: usize, others: usize, shares: usize, kind: i32, parameter: T, members: i32, classes: i32, n: i32,
): void {
  const size = <i32>sizeof<T>();
  const stride = n * size;
  for (let member = part; member < members; member += parts) {
    const offset = member * classes * stride;
    const sums = tally + member * 16;
    for (let j = 0; j < n; j++) {
      const from = s + offset + j * size, to = p + offset + j * size;
      const label = <i32>load<T>(labels + j * size);
      const other: i32 = others == 0 ? -1 : <i32>load<T>(others + j * size);
      const share: f64 = others == 0 ? 1 : <f64>load<T>(shares + j * size);
      if (isRight<T>(from, label, classes, stride)) store<f64>(sums, load<f64>(sums, 8) + 1, 8);
      const loss =
        kind == 0 ? smoothed<T>(to, from, label, other, share, <f64>parameter, classes, stride)
        : kind == 1 ? sigmoid<T>(to, from, label, other, share, <f64>parameter, classes, stride)
        : hinge<T>(to, from, label, <f64>parameter, classes, stride);
      store<f64>(sums, load<f64>(sums) + loss);
    }
  }
}

// Whether the label has the largest score, the first of equals; never where one is NaN.
function isRight<T>(s: usize, label: i32, classes: i32, stride: i32): bool {
  let best = 0;
  let largest = load<T>(s);
  let isNumber = largest == largest;
  for (let k = 1; k < classes; k++) {
    const score = load<T>(s + k * stride);
    if (score != score) isNumber = false;
    if (score > largest) {
      largest = score;
      best = k;
    }
  }
  return isNumber && best == label;
}

// (1 - a) (log sum - (s_y - max)) + a (log sum - the mean of s - max); p = softmax(s)
function smoothed<T>(p: usize, s: usize, label: i32, other: i32, share: f64, smoothing: f64, classes: i32, stride: i32): f64 {
  let max = <f64>load<T>(s);
  for (let k = 1; k < classes; k++) {
    const score = <f64>load<T>(s + k * stride);
    if (score > max) max = score;
  }
  let sum: f64 = 0, total: f64 = 0;
  for (let k = 0; k < classes; k++) {
    const below = <f64>load<T>(s + k * stride) - max;
    total += below;
    sum += Math.exp(below);
  }
  const logSum = Math.log(sum);
  let ofLabel = share * (<f64>load<T>(s + label * stride) - max);
  if (other >= 0) ofLabel += (1 - share) * (<f64>load<T>(s + other * stride) - max);
  for (let k = 0; k < classes; k++) {
    store<T>(p + k * stride, <T>(Math.exp(<f64>load<T>(s + k * stride) - max) / sum));
  }
  return (1 - smoothing) * (logSum - ofLabel) + smoothing * (logSum - total / <f64>classes);
}

// weight sum_k (max(s, 0) - s y + log(1 + e^-|s|)); p = 1 / (1 + e^-s)
function sigmoid<T>(p: usize, s: usize, label: i32, other: i32, share: f64, weight: f64, classes: i32, stride: i32): f64 {
  let sum: f64 = 0;
  for (let k = 0; k < classes; k++) {
    const score = <f64>load<T>(s + k * stride);
    const tail = Math.exp(score > 0 ? -score : score);
    const positive = score > 0 || score != score ? score : 0;
    let wanted: f64 = k == label ? share * score : 0;
    if (k == other) wanted += (1 - share) * score;
    sum += positive - wanted + Math.log(1 + tail);
    store<T>(p + k * stride, <T>((score >= 0 ? 1 : tail) / (1 + tail)));
  }
  return weight * sum;
}

// sum_{k != y} max(0, s_k - s_y + margin); p = 1 where that is above 0, and less their number for y
function hinge<T>(p: usize, s: usize, label: i32, margin: f64, classes: i32, stride: i32): f64 {
  const ofLabel = <f64>load<T>(s + label * stride);
  let sum: f64 = 0;
  let within = 0;
  for (let k = 0; k < classes; k++) {
    if (k == label) continue;
    const distance = <f64>load<T>(s + k * stride) - ofLabel + margin;
    const isWithin = distance > 0;
    if (isWithin) within++;
    if (isWithin || distance != distance) sum += distance;
    store<T>(p + k * stride, <T>(isWithin ? 1 : 0));
  }
  store<T>(p + label * stride, -(<T>within));
  return sum;
}

// dS = (P - T) / n, weight (P - Y) / n, or P / n
export function classLossGradient<T>(
  part: i32, parts: i32,
  ds: usize, p: usize, labels: usize, others: usize, shares: usize, kind: i32, parameter: T, members: i32, classes: i32, n: i32,
): void {
  const size = <i32>sizeof<T>();
  const rows = members * classes;
  const a = <f64>parameter;
  for (let row = first(rows, part, parts), end = first(rows, part + 1, parts); row < end; row++) {
    for (let j = 0; j < n; j++) {
      const at = (row * n + j) * size;
      const share: f64 = others == 0 ? 1 : <f64>load<T>(shares + j * size);
      let target: f64 = <i32>load<T>(labels + j * size) == row % classes ? share : 0;
      if (others != 0 && <i32>load<T>(others + j * size) == row % classes) target += 1 - share;
      const value = <f64>load<T>(p + at);
      const slope =
        kind == 0 ? value - ((1 - a) * target + a / <f64>classes)
        : kind == 1 ? a * (value - target)
        : value;
      store<T>(ds + at, <T>(slope / <f64>n));
    }
  }
}
