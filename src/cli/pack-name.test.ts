import { expect, test } from "vitest";
import { packName } from "./pack-name.ts";

test("a pack is told by its trials, and by which of their runs it is made of", () => {
  const study = "coarse";
  const runs = [0, 1].map((trial) => ({ trials: [trial], seed: 1 }));
  expect(packName({ study, runs })).toBe("coarse, trials 0, 1, seed 2");
  expect(packName({ study, runs: [{ ...runs[1], fold: 4 }] })).toBe("coarse, trial 1, seed 2, fold 4");
  const chain = { trials: [0, 1, 2, 3, 4], seed: 0 };
  expect(packName({ study, runs: [chain, { ...chain, seed: 1 }] })).toBe("coarse, trials 0, 1, 2, ..., seeds 1, 2");
});
