import { describe, expect, test } from "vitest";
import { decimate } from "./decimate.ts";

describe("decimate", () => {
  test("keeps every point of a line with at most one a column", () => {
    const points = [0, 1, 2, 3].map((x) => ({ x, y: (x * 7) % 5 }));
    expect(decimate(points)).toEqual(points);
  });

  test("keeps first, lowest, highest and last of a column, in order", () => {
    const points = [5, 6, 9, 7, 1, 4, 3].map((y, index) => ({ x: index / 10, y }));
    expect(decimate(points).map(({ y }) => y)).toEqual([5, 9, 1, 3]);
  });

  test("loses no spike among 10,000 points", () => {
    const points = Array.from({ length: 10_000 }, (_, index) => ({
      x: index / 20,
      y: index === 6789 ? 100 : index % 3,
    }));
    const kept = decimate(points);
    expect(kept.length).toBeLessThanOrEqual(4 * 500);
    expect(kept).toContainEqual({ x: 6789 / 20, y: 100 });
  });

  test("keeps a gap between points that share a column", () => {
    const points = [1, Number.NaN, Number.NaN, 2].map((y) => ({ x: 0.5, y }));
    expect(decimate(points).map(({ y }) => y)).toEqual([1, Number.NaN, 2]);
  });

  test("of nothing is nothing", () => {
    expect(decimate([])).toEqual([]);
  });
});
