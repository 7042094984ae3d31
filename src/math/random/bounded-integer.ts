import type { BitSource } from "./bit-source.ts";
import { multiplyHigh } from "./wide-multiply.ts";

/**
 * An unbiased integer in [0, bound), 1 < bound <= 2^32, from a source of unsigned 32-bit integers.
 * Lemire 2019, "Fast random integer generation in an interval", algorithm 5, as NumPy draws it.
 */
export function below32(next32: () => number, bound: number): number {
  let drawn = next32();
  if (bound === 2 ** 32) return drawn;
  let leftover = Math.imul(drawn, bound) >>> 0;
  if (leftover < bound) {
    const threshold = (2 ** 32 - bound) % bound;
    while (leftover < threshold) {
      drawn = next32();
      leftover = Math.imul(drawn, bound) >>> 0;
    }
  }
  return multiplyHigh(drawn, bound);
}

/** The same for 2^32 < bound < 2^64, from whole words. */
export function below64(bits: BitSource, bound: bigint): bigint {
  const threshold = (2n ** 64n - bound) % bound;
  for (;;) {
    bits.advance();
    const product = ((BigInt(bits.high) << 32n) | BigInt(bits.low)) * bound;
    if (BigInt.asUintN(64, product) >= threshold) return product >> 64n;
  }
}

/** An unbiased integer in [0, max], 0 < max < 2^32, from the low bits of as many draws as it takes: NumPy's way when it permutes. */
export function masked32(next32: () => number, max: number): number {
  const mask = 0xffffffff >>> Math.clz32(max);
  for (;;) {
    const drawn = (next32() & mask) >>> 0;
    if (drawn <= max) return drawn;
  }
}
