import { expect, test } from "vitest";
import { cmaEs } from "../../src/search/cma-es.ts";
import { branin, hartmann6, rosenbrock } from "../../src/search/fixtures/functions.ts";
import { medianRegret } from "../../src/search/fixtures/race.ts";
import { gaussianProcess } from "../../src/search/gaussian-process.ts";
import { random } from "../../src/search/random.ts";
import { tpe } from "../../src/search/tpe.ts";

// Medians of 20 searches of how far the best of so many trials lies above the least value: longer searches than the suite's.
test.each([
  ["TPE", "Branin", 100, tpe, branin, 0.1, 0.5],
  ["TPE", "Hartmann6", 150, tpe, hartmann6, 0.35, 1.1],
  ["TPE", "Rosenbrock", 200, tpe, rosenbrock, 6, 20],
  ["CMA-ES", "Branin", 100, cmaEs, branin, 0.06, 0.5],
  ["CMA-ES", "Hartmann6", 150, cmaEs, hartmann6, 0.3, 1.1],
  ["CMA-ES", "Rosenbrock", 400, cmaEs, rosenbrock, 2, 15],
  ["Gaussian process", "Branin", 40, gaussianProcess, branin, 0.001, 1],
  ["Gaussian process", "Hartmann6", 60, gaussianProcess, hartmann6, 0.2, 1.3],
  ["Gaussian process", "Rosenbrock", 60, gaussianProcess, rosenbrock, 5, 30],
])("%s on %s, %i trials", (_, __, trials, sampler, problem, bound, atRandom) => {
  expect(medianRegret(problem, sampler, trials)).toBeLessThan(bound);
  expect(medianRegret(problem, random, trials)).toBeGreaterThan(atRandom);
});
