import { generatorFrom } from "./distributions.ts";
import type { RandomGenerator } from "./generator.ts";
import { Philox } from "./philox.ts";
import { requireSeed, seedSequence } from "./seed-sequence.ts";

/**
 * The random stream of a purpose: its values are a function of (seed, purpose, indices, position) and of nothing else,
 * so there is no state to save, and drawing from one stream moves no other.
 *
 * Recorded runs rest on this derivation; it never changes:
 * - key: the first two words of NumPy's SeedSequence over the words seed mod 2^32, floor(seed / 2^32), the number of
 *   indices, the length of the purpose, and the purpose's UTF-16 code units;
 * - block b: Philox4x32-10 of that key and the counter (b, first index, second, third), absent indices 0;
 * - word 2b has block words 0 and 1 as its low and high half, word 2b + 1 has 2 and 3;
 * - words become values as in NumPy's Generator (`distributions.ts`), normals by its ziggurat.
 *
 * Streams that differ only in the values of their indices never share a block. All others have different 64-bit keys,
 * but for a chance of 2^-64 a pair.
 *
 * @param seed a safe integer >= 0
 * @param purpose what the values are for, as "initial-weights" or "order"
 * @param indices at most three integers in [0, 2^32), as epoch, step and example
 * @example
 * stream(1, "order", 7).permutation(5); // 2, 4, 1, 3, 0: epoch 7's order, whatever was drawn before it
 */
export function stream(seed: number, purpose: string, ...indices: number[]): RandomGenerator {
  if (indices.length > 3 || indices.some((index) => index !== index >>> 0)) {
    throw new RangeError(`indices ${indices.join(", ")}: at most three integers in [0, 2^32) are allowed`);
  }
  const key = streamKey(seed, purpose, indices.length);
  const [first = 0, second = 0, third = 0] = indices;
  return generatorFrom(new Philox(key, [first, second, third]));
}

/** The key of all streams of a purpose with so many indices: two words. */
export function streamKey(seed: number, purpose: string, indices: number): Uint32Array {
  requireSeed(seed);
  const units = Array.from({ length: purpose.length }, (_, i) => purpose.charCodeAt(i));
  return seedSequence([seed >>> 0, Math.floor(seed / 2 ** 32), indices, units.length, ...units], 2);
}
