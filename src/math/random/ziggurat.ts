import { exponential } from "../elementary/exponential.ts";
import { type BitSource, nextDouble } from "./bit-source.ts";
import { log1p } from "./log1p.ts";
import { zigguratEdges as edges } from "./ziggurat-edges.ts";

const LAYERS = edges.length;
const BASE_EDGE = edges[LAYERS - 1];
const INVERSE_BASE_EDGE = 0.2736612373297583; // NumPy's constant, in the fewest digits

// Each edge as a multiple of 2^-52, and the height exp(-x^2 / 2) there.
const scales = Float64Array.from(edges, (edge) => edge / 2 ** 52);
const heights = Float64Array.from(edges, (edge, layer) => (layer === 0 ? 1 : exponential(-0.5 * edge * edge)));
// The part of a layer that lies wholly under the curve, in 2^-52. (r + 1) - 1 rounds r to 52 bits, ties to even, as
// NumPy's table has it.
const insides = Float64Array.from(edges, (edge, layer) => {
  if (layer === 1) return 0; // the top layer has none
  const above = layer === 0 ? BASE_EDGE : edges[layer - 1];
  return (above / edge + 1 - 1) * 2 ** 52;
});

/**
 * A normal variate of mean 0 and standard deviation 1.
 * Marsaglia & Tsang 2000, "The ziggurat method for generating random variables", in the form of Doornik 2005; the bits
 * of a word are spent as in NumPy: 8 for the layer, 1 for the sign, 52 for the place, 3 unused.
 */
export function standardNormal(bits: BitSource): number {
  for (;;) {
    bits.advance();
    const low = bits.low;
    const layer = low & 0xff;
    const place = (bits.high & 0x1fffffff) * 2 ** 23 + (low >>> 9);
    const size = place * scales[layer];
    const value = low & 0x100 ? -size : size;
    if (place < insides[layer]) return value; // 99.3 % of draws
    if (layer === 0) return low & 0x20000 ? -tail(bits) : tail(bits);
    const height = (heights[layer - 1] - heights[layer]) * nextDouble(bits) + heights[layer];
    if (height < exponential(-0.5 * value * value)) return value;
  }
}

/** A variate beyond the base layer's edge. Marsaglia 1964, "Generating a variable from the tail of the normal distribution". */
function tail(bits: BitSource): number {
  for (;;) {
    const beyond = -INVERSE_BASE_EDGE * log1p(-nextDouble(bits));
    const y = -log1p(-nextDouble(bits));
    if (y + y > beyond * beyond) return BASE_EDGE + beyond;
  }
}
