import { stream } from "../math/random/stream.ts";
import { type Observed, pointOf, type Sampler, type Space, settingAt } from "./space.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** Trials of a generation (Hansen 2016, "The CMA evolution strategy: a tutorial", eq. 48). */
export function generationSize(space: Space): number {
  return 4 + Math.floor(3 * Math.log(Object.keys(space).length));
}

/** Where the next generation is drawn from: N(mean, sigma^2 covariance). */
interface State {
  readonly mean: readonly number[];
  readonly sigma: number;
  readonly covariance: readonly (readonly number[])[];
  readonly path: readonly number[]; // p_c
  readonly sigmaPath: readonly number[]; // p_sigma
  readonly generations: number;
}

/**
 * The evolution strategy with covariance matrix adaptation (Hansen and Ostermeier 2001; constants and names of Hansen 2016), for
 * spaces of ranges, in the unit cube: generations are drawn from a normal distribution that moves towards the better half of the
 * last one and takes its shape. A point outside is mirrored into the cube. Its state is folded from the trials,
 * generation by generation; while one has not ended, its trials come from the state before it.
 */
export const cmaEs: Sampler = (space, trials, seed) => {
  const size = generationSize(space);
  let state = initial(Object.keys(space).length);
  for (let at = 0; at + size <= trials.length; at += size) {
    const generation = trials.slice(at, at + size);
    if (generation.some(({ loss }) => loss === undefined)) break;
    state = updated(state, space, generation);
  }
  const { mean, sigma, covariance } = state;
  const { values, vectors } = symmetricEigen(covariance);
  const z = stream(seed, "search.cma-es", trials.length).standardNormal(mean.length);
  const lengths = values.map((value, k) => Math.sqrt(Math.max(0, value)) * z[k]);
  return settingAt(
    space,
    mean.map((centre, i) => mirrored(centre + sigma * dot(vectors[i], lengths))),
  );
};

function initial(n: number): State {
  const zero = Array.from({ length: n }, () => 0);
  const covariance = zero.map((_, i) => zero.map((_, j) => Number(i === j)));
  return { mean: zero.map(() => 0.5), sigma: 0.3, covariance, path: zero, sigmaPath: zero, generations: 0 };
}

/** The constants of a search of `n` dimensions with generations of `size` (Hansen 2016, table 1). */
export function strategy(n: number, size: number) {
  const raw = Array.from({ length: Math.floor(size / 2) }, (_, i) => Math.log((size + 1) / 2) - Math.log(i + 1));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const weights = raw.map((weight) => weight / total);
  const muEff = 1 / weights.reduce((sum, weight) => sum + weight * weight, 0);
  const cSigma = (muEff + 2) / (n + muEff + 5);
  const c1 = 2 / ((n + 1.3) ** 2 + muEff);
  return {
    weights,
    muEff,
    cSigma,
    dSigma: 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cSigma,
    cc: (4 + muEff / n) / (n + 4 + (2 * muEff) / n),
    c1,
    cMu: Math.min(1 - c1, (2 * (muEff - 2 + 1 / muEff)) / ((n + 2) ** 2 + muEff)),
    expected: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)), // of |N(0, I)|
  };
}

function updated(state: State, space: Space, generation: readonly Observed[]): State {
  const { mean, sigma, covariance } = state;
  const n = mean.length;
  const { weights, muEff, cSigma, dSigma, cc, c1, cMu, expected } = strategy(n, generation.length);

  const ranked = generation.toSorted((a, b) => (a.loss ?? 0) - (b.loss ?? 0) || 0).slice(0, weights.length);
  const y = ranked.map(({ setting }) => pointOf(space, setting).map((x, i) => (x - mean[i]) / sigma));
  const step = mean.map((_, i) => weights.reduce((sum, weight, k) => sum + weight * y[k][i], 0)); // <y>_w
  const sigmaPath = plus(
    1 - cSigma,
    state.sigmaPath,
    Math.sqrt(cSigma * (2 - cSigma) * muEff),
    whitened(covariance, step),
  );
  const length = Math.sqrt(dot(sigmaPath, sigmaPath));
  const settled = Math.sqrt(1 - (1 - cSigma) ** (2 * (state.generations + 1)));
  const isSlow = length / settled < (1.4 + 2 / (n + 1)) * expected; // h_sigma
  const path = plus(1 - cc, state.path, isSlow ? Math.sqrt(cc * (2 - cc) * muEff) : 0, step);
  const kept = 1 - c1 - cMu + (isSlow ? 0 : c1 * cc * (2 - cc));
  return {
    mean: plus(1, mean, sigma, step),
    sigma: Math.min(1, sigma * Math.exp((cSigma / dSigma) * (length / expected - 1))),
    covariance: covariance.map((row, i) =>
      row.map(
        (entry, j) =>
          kept * entry +
          c1 * path[i] * path[j] +
          cMu * weights.reduce((sum, weight, k) => sum + weight * y[k][i] * y[k][j], 0),
      ),
    ),
    path,
    sigmaPath,
    generations: state.generations + 1,
  };
}

/** C^(-1/2) x. */
function whitened(covariance: readonly (readonly number[])[], x: readonly number[]): number[] {
  const { values, vectors } = symmetricEigen(covariance);
  const along = values.map(
    (value, k) =>
      dot(
        vectors.map((row) => row[k]),
        x,
      ) / Math.sqrt(Math.max(value, 1e-20)),
  );
  return x.map((_, i) => dot(vectors[i], along));
}

/** alpha x + beta y */
function plus(alpha: number, x: readonly number[], beta: number, y: readonly number[]): number[] {
  return x.map((value, i) => alpha * value + beta * y[i]);
}

function dot(x: readonly number[], y: ArrayLike<number>): number {
  return x.reduce((sum, value, i) => sum + value * y[i], 0);
}

function mirrored(x: number): number {
  const within = Math.abs(x) % 2;
  return within > 1 ? 2 - within : within;
}
