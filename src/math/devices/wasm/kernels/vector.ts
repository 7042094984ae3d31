// 128-bit vectors of T: four f32 or two f64. All functions are inlined.

// @ts-expect-error: decorator
@inline
export function lanes<T>(): i32 {
  return 16 / <i32>sizeof<T>();
}

// a * b + c, fused where the engine has it: every element of a result is made by the same instruction, so results
// do not depend on where in a tile an element falls.
// @ts-expect-error: decorator
@inline
export function multiplyAdd<T>(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(a, b, c);
  return v128.add<T>(v128.mul<T>(a, b), c);
}

// The same for one number, through a vector so that it is fused (or not) alike.
// @ts-expect-error: decorator
@inline
export function multiplyAddOne<T>(a: T, b: T, c: T): T {
  return v128.extract_lane<T>(multiplyAdd<T>(v128.splat<T>(a), v128.splat<T>(b), v128.splat<T>(c)), 0);
}

// Sum of the lanes, first to last.
// @ts-expect-error: decorator
@inline
export function laneSum<T>(v: v128): T {
  let sum = <T>(v128.extract_lane<T>(v, 0) + v128.extract_lane<T>(v, 1));
  if (sizeof<T>() == 4) sum = <T>(sum + v128.extract_lane<T>(v, 2) + v128.extract_lane<T>(v, 3));
  return sum;
}

// target <- alpha gradient + beta base; `base` is not read where beta is 0.
// @ts-expect-error: decorator
@inline
export function blend<T>(gradient: T, alpha: T, beta: T, base: usize): T {
  if (beta == 0) return <T>(alpha * gradient);
  return <T>(alpha * gradient + beta * load<T>(base));
}
