import type { RandomGenerator } from "../math/random/generator.ts";

/**
 * A random matrix [out, in], row-major, whose rows are orthonormal times `gain`, or whose columns are where it has more rows
 * than columns: of all such matrices evenly (Saxe et al. 2014, section 3). Standard normal numbers, made orthogonal by Gram and
 * Schmidt; each vector twice, so that what rounding leaves is of rounding's size (Giraud et al. 2005).
 */
export function orthogonal(gain: number, generator: RandomGenerator, out: number, inputs: number): Float64Array {
  const isWide = out <= inputs;
  const [count, length] = isWide ? [out, inputs] : [inputs, out];
  const drawn = generator.standardNormal(count * length);
  const vectors = Array.from({ length: count }, (_, i) => drawn.subarray(i * length, (i + 1) * length));
  for (const [i, vector] of vectors.entries()) {
    for (const _pass of [1, 2]) {
      for (const before of vectors.slice(0, i)) subtract(vector, dot(vector, before), before);
    }
    const norm = Math.sqrt(dot(vector, vector));
    for (let at = 0; at < length; at++) vector[at] /= norm;
  }
  const values = new Float64Array(out * inputs);
  for (let row = 0; row < out; row++) {
    for (let column = 0; column < inputs; column++) {
      values[row * inputs + column] = gain * (isWide ? vectors[row][column] : vectors[column][row]);
    }
  }
  return values;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** a <- a - factor b */
function subtract(a: Float64Array, factor: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i] -= factor * b[i];
}
