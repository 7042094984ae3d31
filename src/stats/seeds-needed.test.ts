import { expect, test } from "vitest";
import { pairedPower, seedsNeeded } from "./seeds-needed.ts";

// Numbers: scipy.stats.nct 1.17.1.
test.each([
  [1, 1, 0.9, 13, 0.9107084757398161],
  [0.5, 1, 0.8, 34, 0.8077775012792738],
  [0.2, 1, 0.8, 199, 0.8016910240370655],
  [2, 1, 0.8, 5, 0.9088848681009402],
  [1, 0.5, 0.95, 6, 0.9705035693904163],
])("a difference of %f with deviation %f, power %f: %i seeds", (difference, deviation, power, seeds, reached) => {
  expect(seedsNeeded(difference, deviation, { power })).toBe(seeds);
  expect(pairedPower(seeds, difference, deviation)).toBeCloseTo(reached, 7);
  expect(pairedPower(seeds - 1, difference, deviation)).toBeLessThan(power);
});

test("no difference, or one far below the noise, needs more seeds than there are", () => {
  expect(seedsNeeded(0, 1)).toBeUndefined();
  expect(seedsNeeded(0.001, 1)).toBeUndefined();
});
