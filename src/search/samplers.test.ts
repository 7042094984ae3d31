import { describe, expect, test } from "vitest";
import { stream } from "../math/random/stream.ts";
import { cmaEs, generationSize, strategy } from "./cma-es.ts";
import { branin, hartmann6, rosenbrock } from "./fixtures/functions.ts";
import { medianRegret } from "./fixtures/race.ts";
import { chosen, gaussianProcess } from "./gaussian-process.ts";
import { grid, gridSettings, listed } from "./grid.ts";
import { random } from "./random.ts";
import { sobol, sobolPoint } from "./sobol.ts";
import { type Observed, type Sampler, type Space, settingAt } from "./space.ts";
import { tpe } from "./tpe.ts";

const space: Space = {
  "training.lambda": { kind: "log", low: 1e-5, high: 1e-1, count: 5 },
  "training.update.kind": { kind: "choice", values: ["sgd", "momentum"] },
  "training.update.rho": {
    kind: "uniform",
    low: 0.5,
    high: 0.9,
    count: 2,
    when: { "training.update.kind": "momentum" },
  },
  "training.batch": { kind: "integer", low: 50, high: 52, scale: "linear" },
};
const ranges: Space = { x: { kind: "uniform", low: -1, high: 3 }, y: { kind: "log", low: 1e-4, high: 1 } };

const samplers: [string, Sampler, Space][] = [
  ["random", random, space],
  ["sobol", sobol, space],
  ["tpe", tpe, space],
  ["gaussian process", gaussianProcess, space],
  ["cma-es", cmaEs, ranges],
];

function trials(count: number, of: Space): Observed[] {
  const draws = stream(1, "trials");
  return Array.from({ length: count }, (_, i) => {
    const point = draws.random(Object.keys(of).length);
    const loss = i % 7 === 3 ? Number.POSITIVE_INFINITY : point[0] + point[1] ** 2;
    return { setting: settingAt(of, point), ...(i >= count - 2 ? {} : { loss }) };
  });
}

describe.each(samplers)("%s", (_, sampler, of) => {
  test.each([0, 3, 40])(
    "after %i trials, some diverged, two without a result: asked again, the same; another seed, another",
    (n) => {
      const before = trials(n, of);
      const setting = sampler(of, before, 1);
      expect(sampler(of, before, 1)).toEqual(setting);
      expect(sampler(of, before, 2)).not.toEqual(setting);
      expect(sampler(of, [...before, { setting: setting ?? {} }], 1)).not.toEqual(setting);
      for (const [path, value] of Object.entries(setting ?? {})) {
        const dimension = of[path];
        if (dimension.kind === "choice") expect(dimension.values).toContain(value);
        else expect(value).toSatisfy((v: number) => v >= dimension.low && v <= dimension.high);
      }
      const isActive = setting?.["training.update.kind"] === "momentum";
      expect("training.update.rho" in (setting ?? {})).toBe(isActive);
    },
  );

  test("trials that all diverged leave it something to propose", () => {
    const diverged = trials(30, of).map(({ setting }) => ({ setting, loss: Number.POSITIVE_INFINITY }));
    expect(sampler(of, diverged, 1)).toEqual(expect.any(Object));
  });
});

test("a grid is every combination, and a conditional path only where its condition holds", () => {
  const settings = gridSettings(space);
  expect(settings).toHaveLength(5 * (1 + 2) * 3);
  expect(settings[0]).toEqual({ "training.lambda": 1e-5, "training.update.kind": "sgd", "training.batch": 50 });
  expect(settings.map((setting) => setting["training.lambda"]).filter((v, i, all) => all.indexOf(v) === i)).toEqual([
    1e-5,
    1e-4,
    expect.closeTo(1e-3, 12),
    expect.closeTo(1e-2, 12),
    0.1,
  ]);
  expect(new Set(settings.map((setting) => JSON.stringify(setting))).size).toBe(45);
  const done = settings.map((setting) => ({ setting }));
  expect(grid(space, done.slice(0, 7), 1)).toEqual(settings[7]);
  expect(grid(space, done, 1)).toBeUndefined();
});

test("a linear grid is even in the value, and a list is a list", () => {
  expect(gridSettings({ x: { kind: "uniform", low: 0, high: 1, count: 5 } }).map(({ x }) => x)).toEqual([
    0, 0.25, 0.5, 0.75, 1,
  ]);
  const two = [{ x: 1 }, { x: 7 }];
  expect(listed(two)({}, [{ setting: { x: 1 } }], 1)).toEqual({ x: 7 });
  expect(listed(two)({}, [{ setting: {} }, { setting: {} }], 1)).toBeUndefined();
});

test("Sobol's points are Joe and Kuo's", () => {
  // scipy.stats.qmc.Sobol 1.17.1, unscrambled, which lists the same 2^k points in another order: sum of x_21 x_d over 512 points.
  const points = Array.from({ length: 512 }, (_, i) => sobolPoint(i, 21));
  const sums = Array.from({ length: 21 }, (_, d) => points.reduce((sum, point) => sum + point[20] * point[d], 0));
  expect(sums).toEqual([
    127.5400390625, 127.5009765625, 127.6337890625, 127.5322265625, 127.5009765625, 127.5009765625, 127.5009765625,
    127.5009765625, 127.5400390625, 127.5341796875, 127.5029296875, 127.5009765625, 127.5029296875, 127.5341796875,
    127.5009765625, 127.5107421875, 127.5029296875, 127.5107421875, 127.5029296875, 127.5107421875, 170.1669921875,
  ]);
});

test.each([1, 2, 3])("scrambled, every cell of 16 equal ones still has one of 16 points, seed %i", (seed) => {
  const points = Array.from({ length: 16 }, (_, i) => sobolPoint(i, 2, seed));
  for (const [columns, rows] of [
    [16, 1],
    [8, 2],
    [4, 4],
    [2, 8],
    [1, 16],
  ]) {
    const cells = points.map(([x, y]) => Math.floor(x * columns) * rows + Math.floor(y * rows));
    expect(new Set(cells).size).toBe(16);
  }
});

test("the TPE's next of 10,000 trials looks at every trial, not at every pair", () => {
  // Its time is bench/rows.ts's to say; here, that good trials decide among so many.
  const many = Array.from({ length: 10_000 }, (_, i) => {
    const point = stream(5, "many", i).random(2);
    return { setting: settingAt(ranges, point), loss: Math.abs(point[0] - 0.25) + Math.abs(point[1] - 0.75) };
  });
  const { x, y } = tpe(ranges, many, 1) as { x: number; y: number };
  expect(Math.abs(x - 0)).toBeLessThan(0.2);
  expect(Math.abs(Math.log10(y) + 1)).toBeLessThan(0.2);
});

// Medians of 20 searches, seeds 1 to 20, of how far the best lies above the least value; random search beside them.
describe("published functions", () => {
  test.each<[string, typeof branin, number, number, [string, Sampler, number][]]>([
    [
      "Branin",
      branin,
      40,
      1.4,
      [
        ["tpe", tpe, 0.4],
        ["cma-es", cmaEs, 0.7],
      ],
    ],
    [
      "Hartmann6",
      hartmann6,
      60,
      1.6,
      [
        ["tpe", tpe, 0.7],
        ["cma-es", cmaEs, 1.1],
      ],
    ],
    [
      "Rosenbrock",
      rosenbrock,
      60,
      42,
      [
        ["tpe", tpe, 15],
        ["cma-es", cmaEs, 12],
      ],
    ],
  ])("%s", (_, problem, count, atRandom, others) => {
    expect(medianRegret(problem, random, count)).toBeGreaterThan(0.8 * atRandom);
    expect(medianRegret(problem, sobol, count)).toBeLessThan(1.1 * atRandom);
    for (const [, sampler, bound] of others) expect(medianRegret(problem, sampler, count)).toBeLessThan(bound);
  });

  test("Branin by a Gaussian process: within .01 after 25 trials, where random search is 2 above", () => {
    expect(medianRegret(branin, gaussianProcess, 25)).toBeLessThan(0.01);
    expect(medianRegret(branin, random, 25)).toBeGreaterThan(1);
  });
});

test("a generation of the evolution strategy is 4 + 3 ln d", () => {
  expect(generationSize(ranges)).toBe(6);
  expect(generationSize(hartmann6.space)).toBe(9);
});

test("the constants of CMA-ES are those of Hansen 2016, table 1, also with generations so large that what they say is cut", () => {
  // Computed from its formulas in Python.
  const { weights, ...constants } = strategy(10, 10);
  const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5));
  expect(weights).toEqual(near([0.456273, 0.270753, 0.162231, 0.085234, 0.02551]));
  const table = (size: number, dimensions: number) => {
    const { muEff, cSigma, dSigma, cc, c1, cMu, expected } = strategy(dimensions, size);
    return [muEff, cSigma, dSigma, cc, c1, cMu, expected];
  };
  expect(Object.values(constants)).toHaveLength(7);
  expect(table(10, 10)).toEqual(near([3.167299, 0.284429, 1.284429, 0.29499, 0.015284, 0.020154, 3.084727]));
  expect(table(6, 2)).toEqual(near([2.028611, 0.446205, 1.446205, 0.624555, 0.154815, 0.057859, 1.254273]));
  expect(table(40, 2)).toEqual(near([11.309482, 0.726917, 3.434474, 0.557772, 0.090092, 0.688252, 1.254273]));
});

test("of many trials the process is fitted to the best and the latest", () => {
  const many = Array.from({ length: 500 }, (_, i) => ({ setting: { x: i }, loss: (i * 193) % 500 }));
  const kept = chosen(many).map(({ setting, loss = Number.NaN }) => ({ setting, loss }));
  expect(kept.filter(({ loss }) => loss < 100)).toHaveLength(100);
  expect(kept.slice(-100)).toEqual(many.slice(-100));
  expect(kept.every(({ setting: { x }, loss }) => loss < 100 || Number(x) >= 400)).toBe(true);
  expect(chosen(many.slice(0, 200))).toEqual(many.slice(0, 200));
});
