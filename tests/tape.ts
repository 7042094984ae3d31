/** A number on a tape: its place there. */
export type Scalar = number;

/**
 * Reverse-mode differentiation of scalars. It knows each operation's slope and the chain rule, and no formula of a layer:
 * a cost written on it as a forward pass has its gradient without anyone deriving it.
 */
export interface Tape {
  /** A number that is not computed from others. */
  scalar(value: number): Scalar;
  add(a: Scalar, b: Scalar): Scalar;
  subtract(a: Scalar, b: Scalar): Scalar;
  multiply(a: Scalar, b: Scalar): Scalar;
  divide(a: Scalar, b: Scalar): Scalar;
  exp(a: Scalar): Scalar;
  log(a: Scalar): Scalar;
  sqrt(a: Scalar): Scalar;
  /** max(0, a); slope 0 at 0. */
  max0(a: Scalar): Scalar;
  sum(terms: readonly Scalar[]): Scalar;
  mean(terms: readonly Scalar[]): Scalar;
  value(of: Scalar): number;
  /** The derivative of `of` with respect to every number on the tape, by its place. */
  gradient(of: Scalar): Float64Array;
}

/** What a number was computed from, and how fast it changes with each. */
type Slopes = readonly (readonly [from: Scalar, slope: number])[];

export function createTape(): Tape {
  const values: number[] = [];
  const origins: Slopes[] = [];

  function record(value: number, ...slopes: Slopes): Scalar {
    values.push(value);
    origins.push(slopes);
    return values.length - 1;
  }

  const tape: Tape = {
    scalar: (value) => record(value),
    add: (a, b) => record(values[a] + values[b], [a, 1], [b, 1]),
    subtract: (a, b) => record(values[a] - values[b], [a, 1], [b, -1]),
    multiply: (a, b) => record(values[a] * values[b], [a, values[b]], [b, values[a]]),
    divide: (a, b) => record(values[a] / values[b], [a, 1 / values[b]], [b, -values[a] / values[b] ** 2]),
    exp: (a) => record(Math.exp(values[a]), [a, Math.exp(values[a])]),
    log: (a) => record(Math.log(values[a]), [a, 1 / values[a]]),
    sqrt: (a) => record(Math.sqrt(values[a]), [a, 0.5 / Math.sqrt(values[a])]),
    max0: (a) => record(Math.max(0, values[a]), [a, values[a] > 0 ? 1 : 0]),
    sum: (terms) => terms.reduce((total, term) => tape.add(total, term)),
    mean: (terms) => tape.divide(tape.sum(terms), tape.scalar(terms.length)),
    value: (of) => values[of],
    gradient(of) {
      // A number is computed from earlier ones only, so all that depends on it is done when its turn comes.
      const gradient = new Float64Array(values.length);
      gradient[of] = 1;
      for (let at = of; at >= 0; at--) {
        for (const [from, slope] of origins[at]) gradient[from] += slope * gradient[at];
      }
      return gradient;
    },
  };
  return tape;
}
