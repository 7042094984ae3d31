import { smallestOf } from "../math/extremes.ts";
import { stream } from "../math/random/stream.ts";
import { normalDensity, normalProbability } from "../stats/normal.ts";
import { fitProcess, predict } from "./gaussian-fit.ts";
import { sobol, sobolPoint } from "./sobol.ts";
import { type Observed, pointOf, type Sampler, settingAt } from "./space.ts";

/** Trials the process is fitted to at most, the best and the latest: its time grows with their cube. */
const MOST_TRIALS = 200;

/**
 * A Gaussian process with expected improvement (Jones, Schonlau and Welch 1998; as in Snoek, Larochelle and Adams 2012): a
 * surface with its uncertainty is laid through the trials, and the point proposed where the loss is expected to fall furthest below
 * the best one. For few dear trials. Begins with 2 d + 2 points of a Sobol sequence. A trial without a result counts with what is
 * expected of it ("kriging believer", Ginsbourger et al. 2010), one that diverged with the worst of the others.
 */
export const gaussianProcess: Sampler = (space, trials, seed) => {
  const kinds = Object.values(space).map((dimension) => dimension.kind === "choice");
  const ended = trials.filter(({ loss }) => loss !== undefined);
  if (!ended.some(({ loss }) => Number.isFinite(loss)) || trials.length < 2 * kinds.length + 2) {
    return sobol(space, trials, seed);
  }
  const known = chosen(ended);
  const points = known.map(({ setting }) => pointOf(space, setting));
  const process = fitProcess(points, tamed(known.map(({ loss = 0 }) => loss)), kinds);
  const pending = trials.filter(({ loss }) => loss === undefined).map(({ setting }) => pointOf(space, setting));
  const believed = pending.reduce((before, point) => before.with(point, predict(before, point).mean), process);
  const least = smallestOf(believed.losses);
  const gain = (point: readonly number[]) => {
    const { mean, deviation } = predict(believed, point);
    const z = (least - mean) / deviation;
    // EI = (least - mean) Phi(z) + deviation phi(z)
    return (least - mean) * normalProbability(z) + deviation * normalDensity(z);
  };
  return settingAt(space, highest(gain, kinds, points[argmin(known)], seed, trials.length));
};

/** The highest of many even points, then of ever smaller steps from there and from the best trial. */
function highest(
  gain: (point: readonly number[]) => number,
  choices: readonly boolean[],
  bestTrial: readonly number[],
  seed: number,
  trial: number,
): number[] {
  const draws = stream(seed, "search.gaussian-process", trial);
  const shift = draws.random(choices.length);
  let best = { point: [...bestTrial], gain: gain(bestTrial) };
  const consider = (point: number[]) => {
    const value = gain(point);
    if (value > best.gain) best = { point, gain: value };
  };
  for (let i = 0; i < 300; i++) consider(sobolPoint(i, choices.length).map((u, d) => (u + shift[d]) % 1));
  for (const width of [0.1, 0.03, 0.01, 0.003]) {
    for (let i = 0; i < 25; i++) {
      const steps = draws.standardNormal(choices.length);
      for (const centre of [best.point, bestTrial]) {
        consider(centre.map((x, d) => (choices[d] ? x : Math.min(1, Math.max(0, x + width * steps[d])))));
      }
    }
  }
  return best.point;
}

/** The trials that the process is fitted to. */
export function chosen(ended: readonly Observed[]): Observed[] {
  if (ended.length <= MOST_TRIALS) return [...ended];
  const order = [...ended.keys()].sort((a, b) => (ended[a].loss ?? 0) - (ended[b].loss ?? 0) || a - b);
  const kept = new Set([...order.slice(0, MOST_TRIALS / 2), ...[...ended.keys()].slice(-MOST_TRIALS / 2)]);
  return ended.filter((_, i) => kept.has(i));
}

/** What lies far above the middle tells only that it is bad: drawn down, so that the surface has its detail where it matters. */
function tamed(losses: readonly number[]): number[] {
  const finite = losses.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = finite[Math.floor(finite.length / 2)];
  const most = Math.min(finite[finite.length - 1], middle + 2 * (middle - finite[0]));
  return losses.map((loss) => Math.min(most, loss));
}

function argmin(trials: readonly Observed[]): number {
  const losses = trials.map(({ loss = 0 }) => loss);
  return losses.indexOf(smallestOf(losses));
}
