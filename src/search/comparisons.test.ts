import { expect, test } from "vitest";
import { stream } from "../math/random/stream.ts";
import { comparisons } from "./comparisons.ts";
import { conclusion } from "./conclusion.ts";
import type { SearchInput } from "./search-document.ts";
import { createStudy } from "./study.ts";
import { foldStudy, packed } from "./study-state.ts";

/** Four settings with common seeds; `accuracies` are [setting][seed]. */
function told(accuracies: readonly (readonly number[])[], change: Partial<SearchInput> = {}) {
  const study = createStudy({
    spec: { training: { steps: 10, schedule: { kind: "constant", rate: 0.01 } } },
    vary: { "training.lambda": { kind: "choice", values: accuracies.map((_, i) => i / 10) } },
    stages: [{ sampler: { kind: "grid" } }],
    seeds: accuracies[0].length,
    ...change,
  });
  for (const trial of study.ask()) study.tell(trial, accuracies[trial.number], 1000);
  return study.state();
}

test("the best against each other: paired over seeds, Holm's correction for having asked of all", () => {
  // Differences of trial 0 and 1: .01, .02, .03: mean .02, t = .02 / (.01 / sqrt 3) = 3.4641, df 2, p = .0742 (SciPy).
  const state = told([
    [0.5, 0.52, 0.54],
    [0.49, 0.5, 0.51],
    [0.4, 0.43, 0.44],
  ]);
  const [second, third] = comparisons(state);
  expect(second).toMatchObject({ trial: 1, difference: expect.closeTo(0.02, 12) });
  expect(second.p).toBeCloseTo(0.0742, 4);
  expect(second.low).toBeLessThan(0);
  expect(third.trial).toBe(2);
  expect(third.holm).toBeCloseTo(2 * third.p, 12);
  expect(second.holm).toBe(Math.max(2 * third.p, second.p));
  expect(second).not.toHaveProperty("maxT");
  expect(second).not.toHaveProperty("images");
});

test("from eight seeds on seeds are resampled: max-T is sharper than Holm where the best is better, and large where nothing is", () => {
  const noise = stream(3, "noise").uniform(-0.004, 0.004, 80);
  const rows = (means: readonly number[]) =>
    means.map((mean, i) => Array.from({ length: 10 }, (_, j) => mean + noise[10 * i + j]));
  const [near, far] = comparisons(told(rows([0.5, 0.499, 0.45])));
  expect(far.maxT).toBeLessThan(0.01);
  expect(far.bootstrap?.low).toBeGreaterThan(0.04);
  expect(near.maxT).toBeGreaterThan(0.05);
  expect(near.bootstrap?.low).toBeLessThan(near.difference);
});

test("image by image where it was looked which are right", () => {
  const state = told([
    [0.56, 0.56],
    [0.5, 0.5],
  ]);
  const judged = ([560, 500] as const).map((right, trial) => {
    const bits = packed(Array.from({ length: 1000 }, (_, i) => i < right));
    return { kind: "judged", trial, seed: 0, images: 1000, right: bits } as const;
  });
  expect(comparisons(foldStudy(state, ...judged))[0].images).toEqual({
    onlyBest: 60,
    onlyOther: 0,
    p: expect.closeTo(2 ** -59, 28),
  });
});

test("of runs far from the best nothing is said image by image, whether or not they were looked at on the way", () => {
  const state = told([
    [0.5, 0.5],
    [0.3, 0.3],
    [0.49, 0.49],
  ]);
  const judged = [500, 300, 490].map((right, trial) => {
    const bits = packed(Array.from({ length: 1000 }, (_, i) => i < right));
    return [0, 1].map((seed) => ({ kind: "judged", trial, seed, images: 1000, right: bits }) as const);
  });
  // Trained side by side with the best, and long before it.
  const [together, apart] = [[judged[0], judged[2]], judged].map((looked) => foldStudy(state, ...looked.flat()));
  expect(comparisons(apart)).toEqual(comparisons(together));
  expect(comparisons(apart).map(({ images }) => images === undefined)).toEqual([false, true]);
  expect(conclusion(apart)).toEqual(conclusion(together));
  expect(conclusion(foldStudy(state, ...judged[1])).indistinguishable.images).toBe("their number");
});

test("nothing of one seed, of folds, whose training images overlap, or of weights that were carried on", () => {
  expect(comparisons(told([[0.5], [0.4]]))).toEqual([]);
  const pairs = [
    [0.5, 0.6],
    [0.4, 0.5],
  ];
  expect(comparisons(told(pairs, { carry: true }))).toEqual([]);
  expect(comparisons(told(pairs))).toHaveLength(1);
  expect(
    comparisons(
      told(
        [
          [0.5, 0.6, 0.5, 0.6],
          [0.4, 0.5, 0.4, 0.5],
        ],
        { seeds: 2, folds: 2 },
      ),
    ),
  ).toEqual([]);
});
