import { lanes, multiplyAdd } from "./vector";

// p = softmax of each column of s [members, classes, n]; adds [sum of -log p_y, correct] to the tallies, in f64.
// A member is one part's, so that its sum has one order.
export function softmaxCrossEntropy<T>(
  part: i32, parts: i32,
  p: usize, tally: usize, s: usize, labels: usize, members: i32, classes: i32, n: i32,
): void {
  for (let member = part; member < members; member += parts) {
    const offset = member * classes * n * <i32>sizeof<T>();
    memberSoftmax<T>(p + offset, tally + member * 16, s + offset, labels, classes, n);
  }
}

function memberSoftmax<T>(p: usize, tally: usize, s: usize, labels: usize, classes: i32, n: i32): void {
  const size = <i32>sizeof<T>();
  const whole = n - (n % lanes<T>());
  for (let j = 0; j < whole; j += lanes<T>()) {
    columns<T>(true, p + j * size, tally, s + j * size, labels + j * size, classes, n * size);
  }
  for (let j = whole; j < n; j++) {
    columns<T>(false, p + j * size, tally, s + j * size, labels + j * size, classes, n * size);
  }
}

// As many columns as a vector has lanes, or one column in every lane: the same operations either way.
// @ts-ignore: decorator
@inline
function columns<T>(isMany: bool, p: usize, tally: usize, s: usize, labels: usize, classes: i32, stride: i32): void {
  let largest = read<T>(isMany, s);
  let best = v128.splat<T>(0);
  const label = read<T>(isMany, labels);
  let ofLabel = largest;
  for (let k = 1; k < classes; k++) {
    const score = read<T>(isMany, s + k * stride);
    const isLarger = v128.gt<T>(score, largest);
    const index = v128.splat<T>(<T>k);
    largest = v128.bitselect(score, largest, isLarger);
    best = v128.bitselect(index, best, isLarger);
    ofLabel = v128.bitselect(score, ofLabel, v128.eq<T>(label, index));
  }
  let sum = v128.splat<T>(0);
  for (let k = 0; k < classes; k++) {
    const e = exponential<T>(v128.sub<T>(read<T>(isMany, s + k * stride), largest));
    write<T>(isMany, p + k * stride, e);
    sum = v128.add<T>(sum, e);
  }
  for (let k = 0; k < classes; k++) {
    write<T>(isMany, p + k * stride, v128.div<T>(read<T>(isMany, p + k * stride), sum));
  }
  // -log p_y = log(sum_k e^(s_k - max)) - (s_y - max); a sum that is NaN is never a right answer.
  const below = v128.sub<T>(ofLabel, largest);
  const isRight = v128.and(v128.eq<T>(best, label), v128.eq<T>(sum, sum));
  const right = v128.and(isRight, v128.splat<T>(1));
  addToTally<T>(tally, v128.extract_lane<T>(sum, 0), v128.extract_lane<T>(below, 0), v128.extract_lane<T>(right, 0));
  if (!isMany) return;
  addToTally<T>(tally, v128.extract_lane<T>(sum, 1), v128.extract_lane<T>(below, 1), v128.extract_lane<T>(right, 1));
  if (sizeof<T>() == 4) {
    addToTally<T>(tally, v128.extract_lane<T>(sum, 2), v128.extract_lane<T>(below, 2), v128.extract_lane<T>(right, 2));
    addToTally<T>(tally, v128.extract_lane<T>(sum, 3), v128.extract_lane<T>(below, 3), v128.extract_lane<T>(right, 3));
  }
}

// @ts-ignore: decorator
@inline
function addToTally<T>(tally: usize, sum: T, below: T, right: T): void {
  store<f64>(tally, load<f64>(tally) + (Math.log(<f64>sum) - <f64>below));
  store<f64>(tally, load<f64>(tally, 8) + <f64>right, 8);
}

// @ts-ignore: decorator
@inline
function read<T>(isMany: bool, from: usize): v128 {
  return isMany ? v128.load(from) : v128.load_splat<T>(from);
}

// @ts-ignore: decorator
@inline
function write<T>(isMany: bool, to: usize, v: v128): void {
  if (isMany) v128.store(to, v);
  else store<T>(to, v128.extract_lane<T>(v, 0));
}

// dS = (P - Y) / n
export function softmaxCrossEntropyGradient<T>(
  part: i32, parts: i32,
  ds: usize, p: usize, labels: usize, members: i32, classes: i32, n: i32,
): void {
  const size = <i32>sizeof<T>();
  const rows = members * classes;
  const one = v128.splat<T>(1);
  const count = v128.splat<T>(<T>n);
  for (let row = (rows * part) / parts, end = (rows * (part + 1)) / parts; row < end; row++) {
    const at = row * n * size;
    const k = v128.splat<T>(<T>(row % classes));
    let j = 0;
    for (; j + lanes<T>() <= n; j += lanes<T>()) {
      const hit = v128.and(v128.eq<T>(v128.load(labels + j * size), k), one);
      v128.store(ds + at + j * size, v128.div<T>(v128.sub<T>(v128.load(p + at + j * size), hit), count));
    }
    for (; j < n; j++) {
      const hit = <i32>load<T>(labels + j * size) == row % classes;
      store<T>(ds + at + j * size, <T>((load<T>(p + at + j * size) - <T>(hit ? 1 : 0)) / <T>n));
    }
  }
}

// e^x of x <= 0, in every lane; compiled into the module, so the same on every engine.
// @ts-ignore: decorator
@inline
function exponential<T>(x: v128): v128 {
  if (sizeof<T>() == 4) return exponentials(x);
  const low = Math.exp(v128.extract_lane<f64>(x, 0));
  return v128.replace_lane<f64>(v128.splat<f64>(low), 1, Math.exp(v128.extract_lane<f64>(x, 1)));
}

// e^x = 2^m e^r with m the integer nearest to x / log 2, so |r| <= log(2) / 2, and e^r = 1 + r + r^2 q(r), q the polynomial of
// degree 4 with the least largest error: within 0.7 units of the last place. 0 where the result would be denormal.
function exponentials(x: v128): v128 {
  const m = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)));
  // log 2 in two parts, of which the first times m is exact.
  let r = f32x4.sub(x, f32x4.mul(m, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(m, f32x4.splat(-2.12194440054690583e-4)));
  let q = f32x4.splat(0.001381461275741458);
  q = multiplyAdd<f32>(q, r, f32x4.splat(0.008368710055947304));
  q = multiplyAdd<f32>(q, r, f32x4.splat(0.04166838899254799));
  q = multiplyAdd<f32>(q, r, f32x4.splat(0.1666652113199234));
  q = multiplyAdd<f32>(q, r, f32x4.splat(0.4999999403953552));
  const e = f32x4.add(multiplyAdd<f32>(f32x4.mul(q, r), r, r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(m), i32x4.splat(127)), 23);
  // Below -87.3 the power of two is not a normal number. NaN is not below anything and stays.
  return v128.andnot(f32x4.mul(e, power), f32x4.lt(x, f32x4.splat(-87.3)));
}
