// Joe and Kuo 2008, "Constructing Sobol sequences with better two-dimensional projections", the file new-joe-kuo-6.21201:
// for dimensions 2 to 21 the polynomial's inner coefficients a, and the initial direction numbers m; its degree is their number.
const table: readonly (readonly [a: number, ...m: number[]])[] = [
  [0, 1],
  [1, 1, 3],
  [1, 1, 3, 1],
  [2, 1, 1, 1],
  [1, 1, 1, 3, 3],
  [4, 1, 3, 5, 13],
  [2, 1, 1, 5, 5, 17],
  [4, 1, 1, 5, 5, 5],
  [7, 1, 1, 7, 11, 19],
  [11, 1, 1, 5, 1, 1],
  [13, 1, 1, 1, 3, 11],
  [14, 1, 3, 5, 5, 31],
  [1, 1, 3, 3, 9, 7, 49],
  [13, 1, 1, 1, 15, 21, 21],
  [16, 1, 3, 1, 13, 27, 49],
  [19, 1, 1, 1, 15, 7, 5],
  [22, 1, 3, 1, 15, 13, 25],
  [25, 1, 1, 5, 5, 19, 61],
  [1, 1, 3, 7, 11, 23, 15, 103],
  [4, 1, 3, 7, 13, 13, 15, 69],
];

/** Dimensions that the table reaches. */
export const mostDimensions = table.length + 1;

/** The 32 direction numbers of a dimension counted from 0, as bits of a fraction. */
export function directions(dimension: number): number[] {
  if (dimension === 0) return Array.from({ length: 32 }, (_, bit) => (2 ** (31 - bit)) >>> 0);
  if (dimension >= mostDimensions) throw new RangeError(`a Sobol sequence of more than ${mostDimensions} dimensions`);
  const [a, ...initial] = table[dimension - 1];
  const degree = initial.length;
  const numbers = initial.map((m, bit) => (m * 2 ** (31 - bit)) >>> 0);
  for (let bit = degree; bit < 32; bit++) {
    // v_k = a_1 v_(k-1) ^ ... ^ a_(s-1) v_(k-s+1) ^ v_(k-s) ^ (v_(k-s) >> s)
    let number = numbers[bit - degree] ^ (numbers[bit - degree] >>> degree);
    for (let k = 1; k < degree; k++) if ((a >>> (degree - 1 - k)) & 1) number ^= numbers[bit - k];
    numbers.push(number >>> 0);
  }
  return numbers;
}
