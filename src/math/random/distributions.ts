import { type BitSource, nextDouble } from "./bit-source.ts";
import { below32, below64, masked32 } from "./bounded-integer.ts";
import type { RandomGenerator } from "./generator.ts";
import { standardNormal } from "./ziggurat.ts";

/** The distributions over a source of words, each spending the words as NumPy's `Generator` does. */
export function generatorFrom(bits: BitSource): RandomGenerator {
  // A 32-bit draw takes the low half of a word and keeps the high half for the next 32-bit draw, whatever comes between.
  let spare: number | undefined;
  const next32 = (): number => {
    const half = spare;
    if (half !== undefined) {
      spare = undefined;
      return half;
    }
    bits.advance();
    spare = bits.high;
    return bits.low;
  };

  return {
    random: (count) => filled(count, () => nextDouble(bits)),
    uniform: (low, high, count) => filled(count, () => low + (high - low) * nextDouble(bits)),
    standardNormal: (count) => filled(count, () => standardNormal(bits)),
    normal: (mean, standardDeviation, count) => filled(count, () => mean + standardDeviation * standardNormal(bits)),

    integers(low, high, count) {
      if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || low >= high) {
        throw new RangeError(`integers in [${low}, ${high}): the bounds must be safe integers, low below high`);
      }
      const bound = high - low; // exact up to 2^53; above, only known to exceed 2^32, which is all it is used for
      if (bound === 1) return new Float64Array(count).fill(low);
      if (bound <= 2 ** 32) return filled(count, () => low + below32(next32, bound));
      const start = BigInt(low);
      const wideBound = BigInt(high) - start;
      return filled(count, () => Number(start + below64(bits, wideBound)));
    },

    permutation(size) {
      const order = Uint32Array.from({ length: size }, (_, i) => i);
      for (let last = size - 1; last > 0; last--) {
        const chosen = masked32(next32, last);
        const item = order[chosen];
        order[chosen] = order[last];
        order[last] = item;
      }
      return order;
    },
  };
}

function filled(count: number, draw: () => number): Float64Array {
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = draw();
  return values;
}
