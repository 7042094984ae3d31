import { stream } from "../math/random/stream.ts";
import { normalProbability, normalQuantile } from "../stats/normal.ts";
import { random } from "./random.ts";
import { type Observed, pointOf, type Sampler, type Space, settingAt } from "./space.ts";

/** Trials at random before the first proposal. */
const STARTUP = 10;
/** Settings drawn, of which the most promising is proposed. */
const CANDIDATES = 24;

/**
 * The tree-structured Parzen estimator, with kernels over all parameters together (Bergstra et al. 2011; Falkner et al. 2018,
 * section 3.2; constants of Watanabe 2023, "Tree-structured Parzen estimator: understanding its algorithm components"): of
 * settings drawn from the density l of the good trials, the one with the largest l / g, g the density of all others.
 * A trial without a result counts with the others, so that what is proposed beside it differs.
 */
export const tpe: Sampler = (space, trials, seed) => {
  const ended = trials.filter(({ loss }) => loss !== undefined).length;
  if (ended < STARTUP) return random(space, trials, seed);
  const { good, others } = split(trials);
  const l = density(space, good);
  const g = density(space, others);
  const draws = stream(seed, "search.tpe", trials.length);
  let best: { point: Float64Array; gain: number } | undefined;
  for (let i = 0; i < CANDIDATES; i++) {
    const point = l.draw(draws.random(2 + 2 * l.dimensions));
    const gain = l.logAt(point) - g.logAt(point);
    if (best === undefined || gain > best.gain) best = { point, gain };
  }
  return settingAt(space, best?.point ?? []);
};

/** The best tenth, at most 25 (Bergstra et al. 2013), and the rest. */
function split(trials: readonly Observed[]) {
  const order = Uint32Array.from(trials.keys());
  const losses = Float64Array.from(trials, ({ loss = Number.POSITIVE_INFINITY }) => loss);
  const finite = losses.reduce((count, loss) => count + Number(Number.isFinite(loss)), 0);
  order.sort((a, b) => losses[a] - losses[b] || a - b);
  const goodCount = Math.min(25, Math.max(1, Math.min(finite, Math.ceil(0.1 * finite))));
  return {
    good: Array.from(order.subarray(0, goodCount), (i) => trials[i]),
    others: Array.from(order.subarray(goodCount), (i) => trials[i]),
  };
}

/** A mixture of one kernel a trial, the product of one a parameter, and one that is wide: no place is ever given up. */
function density(space: Space, trials: readonly Observed[]) {
  const kinds = Object.values(space);
  const dimensions = kinds.length;
  const choices = kinds.map((dimension) => (dimension.kind === "choice" ? dimension.values.length : 0));
  const kernels = trials.length + 1;
  const centres = new Float64Array(kernels * dimensions).fill(0.5);
  trials.forEach(({ setting }, i) => {
    centres.set(pointOf(space, setting), i * dimensions);
  });
  // Watanabe 2023, section 3.3: width by the number of trials, not below a part of the range.
  const least = 1 / Math.min(100, 1 + trials.length);
  const width = Math.max(least, 0.2 * Math.max(1, trials.length) ** (-1 / (dimensions + 4)));
  const widthOf = (kernel: number) => (kernel === trials.length ? 1 : width);
  // Log of each kernel's factor: 1 over its width and the part of it that lies within the range.
  const scale = new Float64Array(kernels).fill(-Math.log(kernels));
  for (let kernel = 0; kernel < kernels; kernel++) {
    for (let d = 0; d < dimensions; d++) {
      if (choices[d] > 0) continue;
      const [centre, sigma] = [centres[kernel * dimensions + d], widthOf(kernel)];
      const within = normalProbability((1 - centre) / sigma) - normalProbability(-centre / sigma);
      scale[kernel] -= Math.log(sigma * within * Math.sqrt(2 * Math.PI));
    }
  }
  // Aitchison and Aitken 1976: a choice keeps most of its mass, the others share the rest.
  const rest = (kernel: number) => (kernel === trials.length ? 1 : 1 / (1 + Math.sqrt(trials.length)));
  const logsOf = (kernel: number) =>
    choices.map((count) => [Math.log(rest(kernel) / count), Math.log(rest(kernel) / count + 1 - rest(kernel))]);
  const [logs, widest] = [logsOf(0), logsOf(trials.length)];

  return {
    dimensions,
    /** log of the density at a point. */
    logAt(point: Float64Array): number {
      const cells = choices.map((count, d) => cell(point[d], count));
      let [largest, sum] = [Number.NEGATIVE_INFINITY, 0];
      for (let kernel = 0, at = 0; kernel < kernels; kernel++) {
        const isWide = kernel === trials.length;
        const over = isWide ? 1 : 1 / width;
        let log = scale[kernel];
        for (let d = 0; d < dimensions; d++, at++) {
          if (choices[d] > 0) {
            log += (isWide ? widest : logs)[d][cell(centres[at], choices[d]) === cells[d] ? 1 : 0];
          } else {
            const far = (point[d] - centres[at]) * over;
            log -= (far * far) / 2;
          }
        }
        if (log > largest) {
          sum = sum * Math.exp(largest - log) + 1;
          largest = log;
        } else if (log > largest - 40) sum += Math.exp(log - largest);
      }
      return largest + Math.log(sum);
    },
    /** A point drawn from it, by 2 + 2 numbers a dimension from [0, 1). */
    draw(uniform: Float64Array): Float64Array {
      const kernel = Math.floor(uniform[0] * kernels);
      return Float64Array.from({ length: dimensions }, (_, d) => {
        const centre = centres[kernel * dimensions + d];
        const [u, v] = [uniform[2 + 2 * d], uniform[3 + 2 * d]];
        if (choices[d] > 0) return v < rest(kernel) ? u : centre;
        return truncatedNormal(u, centre, widthOf(kernel));
      });
    },
  };
}

function cell(place: number, count: number): number {
  return Math.min(count - 1, Math.floor(place * count));
}

/** The value below which `u` of a normal distribution's mass within [0, 1] lies. */
function truncatedNormal(u: number, centre: number, sigma: number): number {
  const from = normalProbability(-centre / sigma);
  const to = normalProbability((1 - centre) / sigma);
  const place = centre + sigma * normalQuantile(from + u * (to - from));
  return Math.min(1, Math.max(0, place));
}
