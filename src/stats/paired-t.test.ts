import { expect, test } from "vitest";
import { pairedT } from "./paired-t.ts";

test("additional hours of sleep by two drugs", () => {
  // Student 1908, "The probable error of a mean", table on page 20; numbers by scipy.stats.ttest_rel 1.17.1.
  const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
  const { difference, low, high, t, degrees, p } = pairedT(first, second);
  expect(difference).toBeCloseTo(1.58, 12);
  expect([low, high]).toEqual([expect.closeTo(0.7001142367230175, 11), expect.closeTo(2.459885763276983, 11)]);
  expect(t).toBeCloseTo(4.062127683382037, 11);
  expect(degrees).toBe(9);
  expect(p).toBeCloseTo(0.002832890197384273, 12);
});

test("settings that never differ are not told apart; ones that always differ by the same are", () => {
  expect(pairedT([1, 2, 3], [1, 2, 3])).toMatchObject({ difference: 0, t: 0, p: 1 });
  expect(pairedT([1, 2, 3], [2, 3, 4])).toMatchObject({ difference: 1, low: 1, high: 1, p: 0 });
});

test("one seed, or other seeds, cannot be paired", () => {
  expect(() => pairedT([1], [2])).toThrow(RangeError);
  expect(() => pairedT([1, 2], [1, 2, 3])).toThrow(RangeError);
});
