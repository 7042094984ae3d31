import { describe, expect, test } from "vitest";
import type { Checkpoint } from "../record/event.ts";
import { type Change, changed, data, trained } from "./fixtures/small-runs.ts";
import { outcome, train } from "./train.ts";
import type { Weights } from "./weights.ts";

// Against means that this file computes in float64, of the weights that the same run without an average has at each update.

const exact: Change = ["dtype", "f64"];

/** The weights of the plain run after each update, from none on. */
async function course(...changes: Change[]): Promise<Weights[]> {
  const states: Weights[] = [];
  await outcome(train(changed(exact, ...changes), data, { wantsCheckpoint: () => true }), (event) => {
    if (event.kind === "checkpoint") states.push((event.checkpoints[0] as Checkpoint).tensors as Weights);
  });
  return states;
}

/** sum weight_t theta_t / sum weight_t */
function expectMean(found: Weights, states: readonly Weights[], weight: (update: number) => number): void {
  for (const name of ["W1", "b1", "W2", "b2"]) {
    for (let i = 0; i < found[name].values.length; i++) {
      const [sum, total] = states.reduce(
        ([sum, total], state, update) => [sum + weight(update) * state[name].values[i], total + weight(update)],
        [0, 0],
      );
      expect(found[name].values[i], `${name}[${i}]`).toBeCloseTo(sum / total, 12);
    }
  }
}

const handedOver = async (...changes: Change[]) => (await trained(changed(exact, ...changes))).weights[0];
const swa = (numbers: object): Change => ["training.average", { kind: "swa", ...numbers }];

describe("what a run hands over", () => {
  test("ema: the mean of all updates' weights, each counting decay times the next", async () => {
    const states = await course();
    for (const decay of [0.5, 0.9, 0.999]) {
      const found = await handedOver(["training.average", { kind: "ema", decay }]);
      expectMean(found, states, (update) => (update === 0 ? 0 : decay ** (50 - update)));
    }
  });

  test.each<[what: string, changes: Change[], at: readonly number[]]>([
    ["from an update on, some apart", [swa({ from: 20, every: 7 })], [20, 27, 34, 41, 48]],
    ["from a cycle on, each cycle's end", [["training.schedule.halfCycle", 5], swa({ fromCycle: 3 })], [30, 40, 50]],
    ["the ends of the last quarter's cycles", [["training.schedule.halfCycle", 4], swa({})], [40, 48]],
    [
      "without cycles, the epochs of the last quarter",
      [["training.schedule", { kind: "constant", rate: 0.1 }], swa({})],
      [40, 50],
    ],
  ])("swa: %s", async (_what, changes, at) => {
    const states = await course(...changes.filter(([path]) => path !== "training.average"));
    expectMean(await handedOver(...changes), states, (update) => (at.includes(update) ? 1 : 0));
  });

  test("swa that never begins: the last update's weights, with a notice", async () => {
    const states = await course();
    const { runs, weights } = await trained(changed(exact, swa({ from: 51 })));
    expectMean(weights[0], states, (update) => (update === 50 ? 1 : 0));
    expect(runs[0].notices.map(({ text }) => text)).toEqual([
      "training.average does nothing: the run ends after 50 updates, before the first weights that it would average",
    ]);
  });
});

test("what is measured are the averaged weights, from the first measurement to the last; training goes its own way", async () => {
  const average = ["training.average", { kind: "ema", decay: 0.9 }] as const;
  const { runs } = await trained(changed(exact, average));
  const plain = await trained(changed(exact));
  expect(runs[0].series[0]).toEqual(plain.runs[0].series[0]); // nothing is averaged yet
  expect(runs[0].series[2].train.loss).not.toBe(plain.runs[0].series[2].train.loss);
  // The weights of update 20, as a run of 20 updates hands them over.
  const short = await trained(changed(exact, average, ["training.steps", 20]));
  expect(runs[0].series[2].train).toEqual(short.runs[0].final?.train);
  expect(runs[0].series[2].validation).toEqual(short.runs[0].final?.validation);
});

test("decays may differ side by side; runs that sample at different updates cannot train side by side", async () => {
  const of = (average: object) => changed(["training.average", average]);
  const decays = [0.5, 0.99].map((decay) => of({ kind: "ema", decay }));
  const together = await trained(decays);
  for (const [at, alone] of decays.entries()) {
    expect(together.weights[at]).toEqual((await trained(alone)).weights[0]);
  }
  const strangers = [of({ kind: "swa", from: 20, every: 5 }), of({ kind: "swa", from: 20, every: 6 })];
  await expect(trained(strangers)).rejects.toThrow(/members.1/);
});
