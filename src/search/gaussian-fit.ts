import { cholesky, solveLower, solveUpper } from "./cholesky.ts";

/** Losses as values of a Gaussian process with a Matern 5/2 kernel (Rasmussen and Williams 2006, eq. 4.17). */
export interface Process {
  readonly points: readonly (readonly number[])[];
  readonly losses: readonly number[];
  readonly shape: Shape;
  readonly lower: readonly Float64Array[];
  readonly weights: Float64Array; // K^-1 (y - centre)
  readonly centre: number;
  /** Variance of the process. */
  readonly height: number;
  /** The same process with one more value. */
  with(point: readonly number[], loss: number): Process;
}

interface Shape {
  /** One a dimension: over which distance the loss changes; of a choice, how much another value changes it. */
  readonly lengths: readonly number[];
  /** Variance of a measurement's error, as a part of the process's variance. */
  readonly noise: number;
  readonly choices: readonly boolean[];
}

/** Constants as one would guess them; the logarithms of others are normally distributed around these. */
const typical = { length: 0.5, noise: 1e-3 };

/** The process under which the losses are likeliest, by steps along the logarithm of one of its constants after the other. */
export function fitProcess(
  points: readonly (readonly number[])[],
  losses: readonly number[],
  choices: readonly boolean[],
): Process {
  let logs = [...choices.map(() => Math.log(typical.length)), Math.log(typical.noise)];
  let best = processOf(points, losses, shapeOf(logs, choices));
  for (const step of [1, 1, 0.5, 0.5, 0.25]) {
    for (const i of logs.keys()) {
      for (const by of [step, -step]) {
        const tried = logs.with(i, logs[i] + by);
        const process = processOf(points, losses, shapeOf(tried, choices));
        if (merit(process) <= merit(best)) continue;
        [best, logs] = [process, tried];
        break;
      }
    }
  }
  if (best === undefined) throw new RangeError("no process fits the losses: are they finite?");
  return best;
}

/** Mean and standard deviation of the loss at a point. */
export function predict(process: Process, point: readonly number[]): { mean: number; deviation: number } {
  const { points, shape, lower, weights, centre, height } = process;
  const k = new Float64Array(points.length);
  for (let i = 0; i < k.length; i++) k[i] = kernel(point, points[i], shape);
  const v = solveLower(lower, k);
  const mean = centre + dot(k, weights);
  return { mean, deviation: Math.sqrt(Math.max(1e-12, height * (1 - dot(v, v)))) };
}

function shapeOf(logs: readonly number[], choices: readonly boolean[]): Shape {
  return { lengths: logs.slice(0, -1).map(Math.exp), noise: Math.exp(logs[logs.length - 1]), choices };
}

function processOf(
  points: readonly (readonly number[])[],
  losses: readonly number[],
  shape: Shape,
  fixed?: Pick<Process, "height">,
): Process | undefined {
  const matrix = points.map((point, i) => {
    const row = new Float64Array(i + 1);
    for (let j = 0; j < i; j++) row[j] = kernel(point, points[j], shape);
    row[i] = 1 + shape.noise + 1e-8;
    return row;
  });
  const lower = cholesky(matrix);
  if (lower === undefined) return undefined;
  const ones = solveLower(
    lower,
    losses.map(() => 1),
  );
  const scaled = solveLower(lower, losses);
  const centre = dot(ones, scaled) / dot(ones, ones); // generalised least squares
  const residual = scaled.map((value, i) => value - centre * ones[i]);
  const height = fixed?.height ?? Math.max(1e-300, dot(residual, residual) / losses.length);
  const weights = solveUpper(lower, residual);
  return {
    points,
    losses,
    shape,
    lower,
    weights,
    centre,
    height,
    with: (point, loss) => {
      const more = processOf([...points, point], [...losses, loss], shape, { height });
      if (more === undefined) throw new RangeError("a point of its own cannot be added to the process");
      return more;
    },
  };
}

/** Log of the losses' likelihood under the process with its best height, and of what its constants are likely to be. */
function merit(process: Process | undefined): number {
  if (process === undefined) return Number.NEGATIVE_INFINITY;
  const { lower, height, losses, shape } = process;
  const logDeterminant = 2 * lower.reduce((sum, row, i) => sum + Math.log(row[i]), 0);
  const priors = [
    ...shape.lengths.map((length) => Math.log(length / typical.length)),
    Math.log(shape.noise / typical.noise) / 3,
  ];
  return -(losses.length * Math.log(height) + logDeterminant) / 2 - dot(priors, priors) / 2;
}

function kernel(x: readonly number[], y: readonly number[], { lengths, choices }: Shape): number {
  let square = 0;
  for (let d = 0; d < x.length; d++) {
    const far = choices[d] ? Number(x[d] !== y[d]) : x[d] - y[d];
    square += (far / lengths[d]) ** 2;
  }
  const r = Math.sqrt(5 * square);
  return (1 + r + (r * r) / 3) * Math.exp(-r);
}

function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}
