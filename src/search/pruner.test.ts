import { expect, test } from "vitest";
import { brackets, type Progress, pruned, rungs } from "./pruner.ts";

const at = (step: number, values: readonly number[], first = 0): Progress[] =>
  values.map((value, i) => ({
    trial: first + i,
    series: [
      { step: step - 10, value: 0.1 },
      { step, value },
    ],
  }));

test("none ends nothing", () => expect(pruned({ kind: "none" }, at(10, [1, 2]), [], 10, 100)).toEqual([]));

test("successive halving looks at its rungs only, and keeps the best third", () => {
  const rule = { kind: "successive-halving", first: 10, eta: 3 } as const;
  const values = [0.1, 0.9, 0.5, 0.8, Number.NaN, 0.2, 0.3];
  expect(rungs(10, 3, 270)).toEqual([10, 30, 90]);
  expect([...pruned(rule, at(10, values), [], 10, 270)].sort()).toEqual([0, 2, 4, 5, 6]);
  expect(pruned(rule, at(20, values), [], 20, 270)).toEqual([]);
  expect(pruned(rule, at(30, [0.1]), [], 30, 270)).toEqual([]);
  // A rung that no measurement falls on is looked at by the next.
  expect(pruned(rule, at(35, values), [], 35, 270)).toHaveLength(5);
  expect(pruned(rule, at(270, values), [], 270, 270)).toEqual([]);
  expect(pruned(rule, at(10, [0.5, 0.5, 0.5]), [], 10, 270)).toEqual([1, 2]);
});

test("Hyperband's brackets are the paper's", () => {
  // Li et al. 2018, table 1: R = 81, eta = 3.
  expect(brackets(81, 3).map((rows) => rows.map(({ trials, units }) => [trials, units]))).toEqual([
    [
      [81, 1],
      [27, 3],
      [9, 9],
      [3, 27],
      [1, 81],
    ],
    [
      [34, 3],
      [11, 9],
      [3, 27],
      [1, 81],
    ],
    [
      [15, 9],
      [5, 27],
      [1, 81],
    ],
    [
      [8, 27],
      [2, 81],
    ],
    [[5, 81]],
  ]);
});

test("Hyperband ends trials of the bracket whose rung it is", () => {
  const rule = { kind: "hyperband", first: 10, eta: 3 } as const;
  // R = 9 units: brackets of 9, 5 and 3 trials, which look first at 10, at 30 and never.
  const all = (step: number) =>
    at(
      step,
      Array.from({ length: 17 }, (_, i) => i / 100),
    );
  expect([...pruned(rule, all(10), [], 10, 90)].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
  expect([...pruned(rule, all(30), [], 30, 90)].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 9, 10, 11, 12]);
});

test("the median rule ends what is below the median of the others, after so many measurements and three others", () => {
  const rule = { kind: "median", after: 2 } as const;
  const series = (trial: number, values: readonly number[]): Progress => ({
    trial,
    series: values.map((value, i) => ({ step: 10 * i, value })),
  });
  const earlier = [series(0, [0.1, 0.4, 0.5]), series(1, [0.1, 0.5, 0.6]), series(2, [0.1, 0.6, 0.7])];
  const active = [series(3, [0.1, 0.4, 0.55]), series(4, [0.1, 0.4, 0.65])];
  // Trial 3 against .5 .6 .7 .65: median .625; trial 4 against .5 .6 .7 .55: median .575.
  expect(pruned(rule, active, earlier, 20, 100)).toEqual([3]);
  expect(pruned({ ...rule, after: 3 }, active, earlier, 20, 100)).toEqual([]);
  expect(pruned(rule, active, earlier.slice(0, 1), 20, 100)).toEqual([]);
  expect(pruned(rule, [series(5, [0.1, 0.4, Number.NaN]), ...active], earlier, 20, 100)).toContain(3);
});
