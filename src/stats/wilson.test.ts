import { describe, expect, test } from "vitest";
import { wilsonInterval } from "./wilson.ts";

describe("wilsonInterval", () => {
  // Newcombe 1998, "Two-sided confidence intervals for the single proportion", Table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("%s of %s", (seen, count, low, high) => {
    const interval = wilsonInterval(seen / count, count);
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
  });

  test("of all is the mirror of none", () => {
    expect(wilsonInterval(1, 20)[0]).toBeCloseTo(1 - 0.1611, 4);
    expect(wilsonInterval(1, 20)[1]).toBe(1);
  });
});
