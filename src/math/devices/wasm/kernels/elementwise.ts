import { blend, laneSum, lanes } from "./vector";

// h = max(0, s); NaN stays NaN.
export function relu<T>(h: usize, s: usize, count: i32): void {
  const size = <i32>sizeof<T>();
  const zero = i64x2.splat(0);
  let i = 0;
  for (; i + lanes<T>() <= count; i += lanes<T>()) {
    v128.store(h + i * size, v128.max<T>(v128.load(s + i * size), zero));
  }
  for (; i < count; i++) store<T>(h + i * size, max<T>(load<T>(s + i * size), 0));
}

// ds = dh where h > 0, else 0.
export function reluGradient<T>(ds: usize, dh: usize, h: usize, count: i32): void {
  const size = <i32>sizeof<T>();
  const zero = i64x2.splat(0);
  let i = 0;
  for (; i + lanes<T>() <= count; i += lanes<T>()) {
    const active = v128.gt<T>(v128.load(h + i * size), zero);
    v128.store(ds + i * size, v128.and(v128.load(dh + i * size), active));
  }
  for (; i < count; i++) {
    store<T>(ds + i * size, load<T>(h + i * size) > 0 ? load<T>(dh + i * size) : 0);
  }
}

// target <- alpha dS 1 + beta base for one member: sums over contiguous samples.
export function sampleSum<T>(target: usize, base: usize, alpha: T, beta: T, ds: usize, out: i32, n: i32): void {
  const size = <i32>sizeof<T>();
  for (let i = 0; i < out; i++) {
    const row = ds + i * n * size;
    let sums = i64x2.splat(0);
    let j = 0;
    for (; j + lanes<T>() <= n; j += lanes<T>()) sums = v128.add<T>(sums, v128.load(row + j * size));
    let sum = laneSum<T>(sums);
    for (; j < n; j++) sum = <T>(sum + load<T>(row + j * size));
    store<T>(target + i * size, blend<T>(sum, alpha, beta, base + i * size));
  }
}

// target <- alpha g + beta base for one member.
export function combine<T>(target: usize, base: usize, alpha: T, beta: T, g: usize, count: i32): void {
  const size = <i32>sizeof<T>();
  for (let i = 0; i < count; i++) {
    store<T>(target + i * size, blend<T>(load<T>(g + i * size), alpha, beta, base + i * size));
  }
}

// Adds the sum of squares of one member: in f64, whatever the weights.
export function squareSum<T>(tally: usize, w: usize, count: i32): void {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    let low: v128, high: v128;
    if (sizeof<T>() == 4) {
      const four = v128.load(w + i * 4);
      low = f64x2.promote_low_f32x4(four);
      high = f64x2.promote_low_f32x4(
        i8x16.shuffle(four, four, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15),
      );
    } else {
      low = v128.load(w + i * 8);
      high = v128.load(w + i * 8, 16);
    }
    even = f64x2.add(even, f64x2.mul(low, low));
    odd = f64x2.add(odd, f64x2.mul(high, high));
  }
  let sum = laneSum<f64>(f64x2.add(even, odd));
  for (; i < count; i++) {
    const one = <f64>load<T>(w + i * sizeof<T>());
    sum += one * one;
  }
  store<f64>(tally, load<f64>(tally) + sum);
}
