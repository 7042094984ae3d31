import { first, sum } from "./elementwise";
import { blend, lanes, laneSum, multiplyAdd } from "./vector";

// Batch normalisation of rows [members * out, n]: one row is one feature of one member, its samples contiguous. Each part
// does a range of rows.

// normalised = (s - mean) / sqrt(variance + eps) with the row's own mean and biased variance, y = gamma normalised + beta.
// `gamma` 0: y = normalised. y may be s.
export function batchNorm<T>(
  part: i32, parts: i32,
  y: usize, normalised: usize, mean: usize, variance: usize, s: usize, gamma: usize, beta: usize, eps: T,
  rows: i32, n: i32,
): void {
  const size = <i32>sizeof<T>();
  for (let row = first(rows, part, parts), end = first(rows, part + 1, parts); row < end; row++) {
    const offset = row * n * size;
    const rough = <T>(sum<T>(s + offset, n) / <T>n);
    // What rounding left over: without it a constant feature would keep a spread of its own.
    const centre = <T>(rough + centredSum<T>(s + offset, rough, n) / <T>n);
    const spread = <T>(centredSquareSum<T>(s + offset, centre, n) / <T>n);
    store<T>(mean + row * size, centre);
    store<T>(variance + row * size, spread);
    const scale = <T>(1 / sqrt<T>(<T>(spread + eps)));
    centreAndScale<T>(normalised + offset, s + offset, centre, scale, n);
    if (gamma != 0) {
      affineRow<T>(y + offset, normalised + offset, load<T>(gamma + row * size), load<T>(beta + row * size), n);
    } else if (y != normalised) memory.copy(y + offset, normalised + offset, n * size);
  }
}

// The same with a mean and a variance that are given. y may be s.
export function normalise<T>(
  part: i32, parts: i32,
  y: usize, s: usize, mean: usize, variance: usize, gamma: usize, beta: usize, eps: T,
  rows: i32, n: i32,
): void {
  const size = <i32>sizeof<T>();
  for (let row = first(rows, part, parts), end = first(rows, part + 1, parts); row < end; row++) {
    const offset = row * n * size;
    const scale = <T>(1 / sqrt<T>(<T>(load<T>(variance + row * size) + eps)));
    centreAndScale<T>(y + offset, s + offset, load<T>(mean + row * size), scale, n);
    if (gamma != 0) affineRow<T>(y + offset, y + offset, load<T>(gamma + row * size), load<T>(beta + row * size), n);
  }
}

// ds = gamma / sqrt(variance + eps) (dy - mean(dy) - normalised mean(dy normalised)): through the batch's own statistics.
export function batchNormGradient<T>(
  part: i32, parts: i32,
  ds: usize, dy: usize, normalised: usize, variance: usize, gamma: usize, eps: T,
  rows: i32, n: i32,
): void {
  const size = <i32>sizeof<T>();
  for (let row = first(rows, part, parts), end = first(rows, part + 1, parts); row < end; row++) {
    const offset = row * n * size;
    const from = dy + offset, x = normalised + offset, to = ds + offset;
    const gain = gamma == 0 ? <T>1 : load<T>(gamma + row * size);
    const scale = <T>(gain / sqrt<T>(<T>(load<T>(variance + row * size) + eps)));
    const mean = <T>(sum<T>(from, n) / <T>n);
    const slope = <T>(productSum<T>(from, x, n) / <T>n);
    const scales = v128.splat<T>(scale), means = v128.splat<T>(mean), slopes = v128.splat<T>(slope);
    let j = 0;
    for (; j + lanes<T>() <= n; j += lanes<T>()) {
      const at = j * size;
      const along = v128.mul<T>(slopes, v128.load(x + at));
      const rest = v128.sub<T>(v128.sub<T>(v128.load(from + at), means), along);
      v128.store(to + at, v128.mul<T>(scales, rest));
    }
    for (; j < n; j++) {
      const at = j * size;
      store<T>(to + at, <T>(scale * (load<T>(from + at) - mean - slope * load<T>(x + at))));
    }
  }
}

// target <- alpha sum_j a[j] b[j] + beta base, row by row; alpha and beta [members].
export function sampleProductSum<T>(
  part: i32, parts: i32,
  target: usize, base: usize, alpha: usize, beta: usize, a: usize, b: usize,
  members: i32, out: i32, n: i32,
): void {
  const size = <i32>sizeof<T>();
  const rows = members * out;
  for (let row = first(rows, part, parts), end = first(rows, part + 1, parts); row < end; row++) {
    const offset = row * n * size;
    const member = (row / out) * size;
    const total = productSum<T>(a + offset, b + offset, n);
    store<T>(target + row * size, blend<T>(total, load<T>(alpha + member), load<T>(beta + member), base + row * size));
  }
}

function centredSum<T>(from: usize, centre: T, n: i32): T {
  const size = <i32>sizeof<T>();
  const centres = v128.splat<T>(centre);
  let sums = i64x2.splat(0);
  let j = 0;
  for (; j + lanes<T>() <= n; j += lanes<T>()) sums = v128.add<T>(sums, v128.sub<T>(v128.load(from + j * size), centres));
  let total = laneSum<T>(sums);
  for (; j < n; j++) total = <T>(total + (load<T>(from + j * size) - centre));
  return total;
}

function centredSquareSum<T>(from: usize, centre: T, n: i32): T {
  const size = <i32>sizeof<T>();
  const centres = v128.splat<T>(centre);
  let sums = i64x2.splat(0);
  let j = 0;
  for (; j + lanes<T>() <= n; j += lanes<T>()) {
    const apart = v128.sub<T>(v128.load(from + j * size), centres);
    sums = multiplyAdd<T>(apart, apart, sums);
  }
  let total = laneSum<T>(sums);
  for (; j < n; j++) {
    const apart = <T>(load<T>(from + j * size) - centre);
    total = <T>(total + apart * apart);
  }
  return total;
}

function productSum<T>(a: usize, b: usize, n: i32): T {
  const size = <i32>sizeof<T>();
  let sums = i64x2.splat(0);
  let j = 0;
  for (; j + lanes<T>() <= n; j += lanes<T>()) {
    sums = multiplyAdd<T>(v128.load(a + j * size), v128.load(b + j * size), sums);
  }
  let total = laneSum<T>(sums);
  for (; j < n; j++) total = <T>(total + load<T>(a + j * size) * load<T>(b + j * size));
  return total;
}

function centreAndScale<T>(to: usize, from: usize, centre: T, scale: T, n: i32): void {
  const size = <i32>sizeof<T>();
  const centres = v128.splat<T>(centre), scales = v128.splat<T>(scale);
  let j = 0;
  for (; j + lanes<T>() <= n; j += lanes<T>()) {
    v128.store(to + j * size, v128.mul<T>(v128.sub<T>(v128.load(from + j * size), centres), scales));
  }
  for (; j < n; j++) store<T>(to + j * size, <T>((load<T>(from + j * size) - centre) * scale));
}

function affineRow<T>(to: usize, from: usize, gain: T, offset: T, n: i32): void {
  const size = <i32>sizeof<T>();
  const gains = v128.splat<T>(gain), offsets = v128.splat<T>(offset);
  let j = 0;
  for (; j + lanes<T>() <= n; j += lanes<T>()) {
    v128.store(to + j * size, v128.add<T>(v128.mul<T>(v128.load(from + j * size), gains), offsets));
  }
  for (; j < n; j++) store<T>(to + j * size, <T>(load<T>(from + j * size) * gain + offset));
}
