import { blend, lanes, laneSum } from "./vector";

// Kernels that touch each number once. Each does one part of `parts`: a range of numbers, rows or members.

// @ts-ignore: decorator
@inline
export function first(count: i32, part: i32, parts: i32): i32 {
  // In 64 bits: a count times a part can exceed 2^31.
  return <i32>((<i64>count * part) / parts);
}

// h = max(0, s); NaN stays NaN.
export function relu<T>(part: i32, parts: i32, h: usize, s: usize, count: i32): void {
  const size = <i32>sizeof<T>();
  const zero = i64x2.splat(0);
  const end = first(count, part + 1, parts);
  let i = first(count, part, parts);
  for (; i + lanes<T>() <= end; i += lanes<T>()) {
    v128.store(h + i * size, v128.max<T>(v128.load(s + i * size), zero));
  }
  for (; i < end; i++) store<T>(h + i * size, max<T>(load<T>(s + i * size), 0));
}

// ds = dh where h > 0, else 0.
export function reluGradient<T>(part: i32, parts: i32, ds: usize, dh: usize, h: usize, count: i32): void {
  const size = <i32>sizeof<T>();
  const zero = i64x2.splat(0);
  const end = first(count, part + 1, parts);
  let i = first(count, part, parts);
  for (; i + lanes<T>() <= end; i += lanes<T>()) {
    const active = v128.gt<T>(v128.load(h + i * size), zero);
    v128.store(ds + i * size, v128.and(v128.load(dh + i * size), active));
  }
  for (; i < end; i++) {
    store<T>(ds + i * size, load<T>(h + i * size) > 0 ? load<T>(dh + i * size) : 0);
  }
}

// out = a b, number by number; out may be a or b.
export function multiply<T>(part: i32, parts: i32, out: usize, a: usize, b: usize, count: i32): void {
  const size = <i32>sizeof<T>();
  const end = first(count, part + 1, parts);
  let i = first(count, part, parts);
  for (; i + lanes<T>() <= end; i += lanes<T>()) {
    v128.store(out + i * size, v128.mul<T>(v128.load(a + i * size), v128.load(b + i * size)));
  }
  for (; i < end; i++) store<T>(out + i * size, <T>(load<T>(a + i * size) * load<T>(b + i * size)));
}

// The sum of n contiguous numbers.
export function sum<T>(from: usize, n: i32): T {
  const size = <i32>sizeof<T>();
  let sums = i64x2.splat(0);
  let j = 0;
  for (; j + lanes<T>() <= n; j += lanes<T>()) sums = v128.add<T>(sums, v128.load(from + j * size));
  let total = laneSum<T>(sums);
  for (; j < n; j++) total = <T>(total + load<T>(from + j * size));
  return total;
}

// target <- alpha dS 1 + beta base, alpha and beta [members]: sums over contiguous samples.
export function sampleSum<T>(
  part: i32, parts: i32,
  target: usize, base: usize, alpha: usize, beta: usize, ds: usize,
  members: i32, out: i32, n: i32,
): void {
  const size = <i32>sizeof<T>();
  const end = first(members * out, part + 1, parts);
  for (let i = first(members * out, part, parts); i < end; i++) {
    const total = sum<T>(ds + i * n * size, n);
    const member = (i / out) * size;
    store<T>(target + i * size, blend<T>(total, load<T>(alpha + member), load<T>(beta + member), base + i * size));
  }
}

// target <- alpha g + beta base, alpha and beta [members]; `length` numbers a member.
export function combine<T>(
  part: i32, parts: i32,
  target: usize, base: usize, alpha: usize, beta: usize, g: usize,
  members: i32, length: i32,
): void {
  const size = <i32>sizeof<T>();
  const end = first(members * length, part + 1, parts);
  let i = first(members * length, part, parts);
  while (i < end) {
    const member = i / length;
    const until = min(end, (member + 1) * length);
    const a = load<T>(alpha + member * size), b = load<T>(beta + member * size);
    const alphas = v128.splat<T>(a), betas = v128.splat<T>(b);
    for (; i + lanes<T>() <= until; i += lanes<T>()) {
      const own = v128.mul<T>(alphas, v128.load(g + i * size));
      const kept = b == 0 ? own : v128.add<T>(own, v128.mul<T>(betas, v128.load(base + i * size)));
      v128.store(target + i * size, kept);
    }
    for (; i < until; i++) store<T>(target + i * size, blend<T>(load<T>(g + i * size), a, b, base + i * size));
  }
}

// target <- alpha g g + beta base, alpha and beta [members]; `length` numbers a member.
export function combineSquares<T>(
  part: i32, parts: i32,
  target: usize, base: usize, alpha: usize, beta: usize, g: usize,
  members: i32, length: i32,
): void {
  const size = <i32>sizeof<T>();
  const end = first(members * length, part + 1, parts);
  let i = first(members * length, part, parts);
  while (i < end) {
    const member = i / length;
    const until = min(end, (member + 1) * length);
    const a = load<T>(alpha + member * size), b = load<T>(beta + member * size);
    const alphas = v128.splat<T>(a), betas = v128.splat<T>(b);
    for (; i + lanes<T>() <= until; i += lanes<T>()) {
      const gradients = v128.load(g + i * size);
      const squares = v128.mul<T>(alphas, v128.mul<T>(gradients, gradients));
      const kept = b == 0 ? squares : v128.add<T>(squares, v128.mul<T>(betas, v128.load(base + i * size)));
      v128.store(target + i * size, kept);
    }
    for (; i < until; i++) {
      const gradient = load<T>(g + i * size);
      store<T>(target + i * size, blend<T>(<T>(gradient * gradient), a, b, base + i * size));
    }
  }
}

// w <- keep w - rate d / (sqrt(correction v) + eps), the factors [members]; `length` numbers a member.
export function rootStep<T>(
  part: i32, parts: i32,
  w: usize, d: usize, v: usize, keep: usize, rate: usize, correction: usize, eps: usize,
  members: i32, length: i32,
): void {
  const size = <i32>sizeof<T>();
  const end = first(members * length, part + 1, parts);
  let i = first(members * length, part, parts);
  while (i < end) {
    const member = i / length;
    const until = min(end, (member + 1) * length);
    const k = load<T>(keep + member * size), r = load<T>(rate + member * size);
    const c = load<T>(correction + member * size), e = load<T>(eps + member * size);
    const keeps = v128.splat<T>(k), rates = v128.splat<T>(r);
    const corrections = v128.splat<T>(c), least = v128.splat<T>(e);
    for (; i + lanes<T>() <= until; i += lanes<T>()) {
      const root = v128.sqrt<T>(v128.mul<T>(corrections, v128.load(v + i * size)));
      const direction = v128.div<T>(v128.load(d + i * size), v128.add<T>(root, least));
      const kept = v128.mul<T>(keeps, v128.load(w + i * size));
      v128.store(w + i * size, v128.sub<T>(kept, v128.mul<T>(rates, direction)));
    }
    for (; i < until; i++) {
      const root = sqrt<T>(<T>(c * load<T>(v + i * size)));
      const direction = <T>(load<T>(d + i * size) / <T>(root + e));
      store<T>(w + i * size, <T>(<T>(k * load<T>(w + i * size)) - <T>(r * direction)));
    }
  }
}

// g <- g min(1, limit / sqrt(squares)), squares in f64 and limit [members]; `length` numbers a member.
export function clip<T>(
  part: i32, parts: i32, g: usize, squares: usize, limit: usize, members: i32, length: i32,
): void {
  const size = <i32>sizeof<T>();
  const end = first(members * length, part + 1, parts);
  let i = first(members * length, part, parts);
  while (i < end) {
    const member = i / length;
    const until = min(end, (member + 1) * length);
    const most = <f64>load<T>(limit + member * size);
    const norm = sqrt<f64>(load<f64>(squares + member * 8));
    if (!(norm > most)) {
      i = until;
      continue;
    }
    const scale = <T>(most / norm);
    const scales = v128.splat<T>(scale);
    for (; i + lanes<T>() <= until; i += lanes<T>()) {
      v128.store(g + i * size, v128.mul<T>(v128.load(g + i * size), scales));
    }
    for (; i < until; i++) store<T>(g + i * size, <T>(load<T>(g + i * size) * scale));
  }
}

// v <- v + pull w, w <- w - v, pull [members]; `length` numbers a member.
export function followVelocity<T>(
  part: i32, parts: i32, w: usize, v: usize, pull: usize, members: i32, length: i32,
): void {
  const size = <i32>sizeof<T>();
  const end = first(members * length, part + 1, parts);
  let i = first(members * length, part, parts);
  while (i < end) {
    const member = i / length;
    const until = min(end, (member + 1) * length);
    const one = load<T>(pull + member * size);
    const pulls = v128.splat<T>(one);
    for (; i + lanes<T>() <= until; i += lanes<T>()) {
      const weights = v128.load(w + i * size);
      const velocities = v128.add<T>(v128.load(v + i * size), v128.mul<T>(pulls, weights));
      v128.store(v + i * size, velocities);
      v128.store(w + i * size, v128.sub<T>(weights, velocities));
    }
    for (; i < until; i++) {
      const velocity = <T>(load<T>(v + i * size) + one * load<T>(w + i * size));
      store<T>(v + i * size, velocity);
      store<T>(w + i * size, <T>(load<T>(w + i * size) - velocity));
    }
  }
}

// Adds each member's sum of squares: in f64, whatever the weights. A member is one part's, so its order is fixed.
export function squareSum<T>(part: i32, parts: i32, tally: usize, w: usize, members: i32, length: i32): void {
  for (let p = part; p < members; p += parts) memberSquareSum<T>(tally + p * 8, w + p * length * <i32>sizeof<T>(), length);
}

function memberSquareSum<T>(tally: usize, w: usize, count: i32): void {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    let low: v128, high: v128;
    if (sizeof<T>() == 4) {
      const four = v128.load(w + i * 4);
      low = f64x2.promote_low_f32x4(four);
      high = f64x2.promote_low_f32x4(i8x16.shuffle(four, four, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
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
