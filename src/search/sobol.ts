import { stream } from "../math/random/stream.ts";
import { directions } from "./sobol-directions.ts";
import { type Sampler, settingAt } from "./space.ts";

/**
 * The points of a scrambled Sobol sequence (Sobol' 1967; direction numbers of Joe and Kuo 2008): more even than chance, in every
 * pair of dimensions, after any number of trials and best after a power of two. Scrambled in Owen's (1995) manner by
 * the hash of Burley 2020, "Practical hash-based Owen scrambling", so that each seed has another sequence.
 */
export const sobol: Sampler = (space, trials, seed) => {
  const dimensions = Object.keys(space).length;
  return settingAt(space, sobolPoint(trials.length, dimensions, seed));
};

/** The point with this number, in [0, 1); without a seed the plain sequence, whose first point is the origin. */
export function sobolPoint(index: number, dimensions: number, seed?: number): number[] {
  return Array.from({ length: dimensions }, (_, dimension) => {
    const bits = sobolBits(index, dimension);
    if (seed === undefined) return bits / 2 ** 32;
    const [key] = stream(seed, "search.sobol", dimension).integers(0, 2 ** 32, 1);
    return (scrambled(bits, key) + 0.5) / 2 ** 32;
  });
}

function sobolBits(index: number, dimension: number): number {
  let bits = 0;
  const numbers = directions(dimension);
  for (let bit = 0; bit < 32; bit++) if ((index >>> bit) & 1) bits ^= numbers[bit];
  return bits >>> 0;
}

/** Flips each bit by a hash of those above it, which keeps what is even about the points. */
function scrambled(bits: number, key: number): number {
  // Laine and Karras 2011: only lower bits move higher ones.
  let x = (reversed(bits) + key) | 0;
  x ^= Math.imul(x, 0x6c50b47c);
  x ^= Math.imul(x, 0xb82f1e52);
  x ^= Math.imul(x, 0xc7afe638);
  x ^= Math.imul(x, 0x8d22f6e6);
  return reversed(x);
}

function reversed(bits: number): number {
  let x = bits;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return ((x >>> 16) | (x << 16)) >>> 0;
}
