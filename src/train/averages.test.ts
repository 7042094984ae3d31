import { expect, test } from "vitest";
import type { Measurement } from "../record/event.ts";
import { type Change, changed, data, run, trained } from "./fixtures/small-runs.ts";
import { train } from "./train.ts";
import type { Weights } from "./weights.ts";

// With a rate of 0 the network stays as it began, so each of the ten batches has the same statistics in every epoch.
const still: Change[] = [
  ["device", "reference"],
  ["data.preprocess", "scale"],
  ["network.batchNorm", { alpha: 0.7, affine: false }],
  ["training.lambda", 0],
  ["training.schedule", { kind: "constant", rate: 0 }],
];

/** Mean and biased variance of each hidden score over the images of a batch. */
function statistics({ W1, b1 }: Weights, batch: number): { mean: number[]; variance: number[] } {
  const [nodes, inputs] = W1.shape;
  const rows = Array.from({ length: nodes }, (_, node) => {
    const scores = Array.from({ length: 20 }, (_, j) => {
      let score = b1.values[node];
      for (let k = 0; k < inputs; k++) {
        score += (W1.values[node * inputs + k] * data.train.images[(batch * 20 + j) * inputs + k]) / 255;
      }
      return score;
    });
    const mean = scores.reduce((sum, score) => sum + score, 0) / 20;
    return { mean, variance: scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / 20 };
  });
  return { mean: rows.map(({ mean }) => mean), variance: rows.map(({ variance }) => variance) };
}

/** The averages after the batches given, started from the first batch's statistics. */
function averaged(weights: Weights, batches: readonly number[]) {
  const average = statistics(weights, 0);
  for (const batch of batches) {
    const batchStatistics = statistics(weights, batch);
    for (const name of ["mean", "variance"] as const) {
      average[name] = average[name].map((value, node) => 0.7 * value + 0.3 * batchStatistics[name][node]);
    }
  }
  return average;
}

async function afterSteps(steps: number, ...changes: Change[]): Promise<Weights> {
  return (await trained(changed(...still, ["training.steps", steps], ...changes))).weights[0];
}

function expectAverages(weights: Weights, expected: { mean: number[]; variance: number[] }): void {
  for (const name of ["mean", "variance"] as const) {
    expected[name].forEach((value, node) => {
      expect(weights[`${name}1`].values[node], `${name}[${node}]`).toBeCloseTo(value, 13);
    });
  }
}

const epoch = Array.from({ length: 10 }, (_, batch) => batch);

test("averages start from the first batch's statistics", async () => {
  const weights = await afterSteps(1);
  expect(Object.keys(weights)).toEqual(["W1", "b1", "W2", "b2", "mean1", "variance1"]);
  expectAverages(weights, statistics(weights, 0));
});

test("averages move with every batch, and are kept across epochs", async () => {
  const weights = await afterSteps(13);
  expectAverages(weights, averaged(weights, [...epoch, 0, 1, 2]));
});

test("averages that are reset start each epoch from its first batch", async () => {
  const weights = await afterSteps(13, ["network.batchNorm.averages", "reset"]);
  expectAverages(weights, averaged(weights, [1, 2]));
});

test("averages are what measurements normalise by", async () => {
  // Of one batch alone the averages are its own statistics, and a measurement of it is the pass that training makes.
  const { series, batchLoss } = await run(...still, ["data.limit", { train: 20 }], ["training.steps", 3]);
  expect(series[0].train.loss).toBeCloseTo(batchLoss as number, 12);
  expect(series[1].train.loss).toBeCloseTo(batchLoss as number, 12);
  const ofTen = await run(...still, ["training.steps", 10]);
  expect(ofTen.final?.train.loss).not.toBeCloseTo(ofTen.series[0].train.loss, 6); // the averages have moved
});

test("stopped at any look, statistics of all images included, what was measured is what would have been", async () => {
  const precise = changed(
    ["network.batchNorm", { statistics: "precise" }],
    ["network.hidden", [9, 7]],
    ["training.steps", 20],
  );
  /** What is measured of a run that is asked to stop at look `at`, and how often it looked. */
  const measured = async (at: number) => {
    let looks = 0;
    const signal = {
      get aborted() {
        return ++looks > at;
      },
    };
    const measurements: Measurement[] = [];
    for await (const event of train(precise, data, { signal: signal as AbortSignal })) {
      if (event.kind === "measured") measurements.push(event.measurement);
    }
    return { measurements, looks };
  };
  const { measurements: whole, looks } = await measured(Number.POSITIVE_INFINITY);
  expect(whole).toHaveLength(3);
  const counts = new Set<number>();
  for (let at = 0; at < looks; at++) {
    const { measurements } = await measured(at);
    expect(measurements).toEqual(whole.slice(0, measurements.length));
    counts.add(measurements.length);
  }
  expect([...counts]).toEqual([0, 1, 2, 3]);
});
