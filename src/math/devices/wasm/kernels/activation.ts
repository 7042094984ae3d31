import { first } from "./elementwise";
import { lanes } from "./vector";

// What nodes make of their scores, other than max(0, s): 0 leaky ReLU, 1 GELU, 2 tanh. The latter two in f64 whatever the
// scores. Each does one part of `parts`: a range of numbers.

// h = f(s)
export function activate<T>(part: i32, parts: i32, h: usize, s: usize, kind: i32, slope: T, count: i32): void {
  const size = <i32>sizeof<T>();
  const end = first(count, part + 1, parts);
  let i = first(count, part, parts);
  if (kind == 0) {
    const zero = i64x2.splat(0);
    const factor = v128.splat<T>(slope);
    for (; i + lanes<T>() <= end; i += lanes<T>()) {
      const x = v128.load(s + i * size);
      v128.store(h + i * size, v128.bitselect(x, v128.mul<T>(factor, x), v128.gt<T>(x, zero)));
    }
    for (; i < end; i++) {
      const x = load<T>(s + i * size);
      store<T>(h + i * size, x > 0 ? x : <T>(slope * x));
    }
    return;
  }
  for (; i < end; i++) {
    const x = <f64>load<T>(s + i * size);
    store<T>(h + i * size, <T>(kind == 1 ? x * gate(x) : tangent(x)));
  }
}

// ds = dh f'(s): `from` is h of the leaky ReLU, s of GELU and tanh.
export function activationGradient<T>(
  part: i32, parts: i32, ds: usize, dh: usize, from: usize, kind: i32, slope: T, count: i32,
): void {
  const size = <i32>sizeof<T>();
  const end = first(count, part + 1, parts);
  let i = first(count, part, parts);
  if (kind == 0) {
    const zero = i64x2.splat(0);
    const factor = v128.splat<T>(slope);
    for (; i + lanes<T>() <= end; i += lanes<T>()) {
      const d = v128.load(dh + i * size);
      const isAbove = v128.gt<T>(v128.load(from + i * size), zero);
      v128.store(ds + i * size, v128.bitselect(d, v128.mul<T>(factor, d), isAbove));
    }
    for (; i < end; i++) {
      const d = load<T>(dh + i * size);
      store<T>(ds + i * size, load<T>(from + i * size) > 0 ? d : <T>(slope * d));
    }
    return;
  }
  for (; i < end; i++) {
    const d = <f64>load<T>(dh + i * size), x = <f64>load<T>(from + i * size);
    store<T>(ds + i * size, <T>(d * (kind == 1 ? gateSlope(x) : tangentSlope(x))));
  }
}

// GELU is x gate(x), gate = sigmoid(2u), u = sqrt(2 / pi) (x + 0.044715 x^3). Beyond 30 the gate is 0 or 1 to the last bit.
// @ts-ignore: decorator
@inline
function gate(x: f64): f64 {
  const near: f64 = x > 30 ? 30 : x < -30 ? -30 : x;
  const twice = 1.5957691216057308 * (near + 0.044715 * (near * near * near));
  const tail = Math.exp(twice > 0 ? -twice : twice);
  return (twice >= 0 ? 1 : tail) / (1 + tail);
}

// gate + x gate (1 - gate) d(2u)/dx
// @ts-ignore: decorator
@inline
function gateSlope(x: f64): f64 {
  const near: f64 = x > 30 ? 30 : x < -30 ? -30 : x;
  const open = gate(x);
  return open + near * (open * (1 - open)) * (1.5957691216057308 * (1 + 0.134145 * (near * near)));
}

// tanh x = (1 - e^-2|x|) / (1 + e^-2|x|) with the sign of x, and near 0 its series to x^11.
// @ts-ignore: decorator
@inline
function tangent(x: f64): f64 {
  const size = x < 0 ? -x : x;
  if (size < 0.0625) {
    const y = x * x;
    const rest = -0.3333333333333333 + y * (0.13333333333333333 + y * (-0.05396825396825397 + y * (0.021869488536155203 + y * -0.008863235529902197)));
    return x + x * (y * rest);
  }
  const tail = Math.exp(-2 * size);
  const value = (1 - tail) / (1 + tail);
  return x < 0 ? -value : value;
}

// 1 - tanh^2 x
// @ts-ignore: decorator
@inline
function tangentSlope(x: f64): f64 {
  const value = tangent(x);
  return 1 - value * value;
}
