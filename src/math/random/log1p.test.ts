import { expect, test } from "vitest";
import { log1p } from "./log1p.ts";
import { stream } from "./stream.ts";

test("agrees with Math.log1p to one unit in the last place, from near 0 to near -1", () => {
  const places = [...stream(1, "log1p").random(100_000)];
  const steps = Array.from({ length: 53 }, (_, i) => 2 ** -(i + 1)); // 1 - 2^-k and 2^-k: where the reduction changes
  const worst = [...places, ...steps, ...steps.map((step) => 1 - step)]
    .map((place) => Math.abs(log1p(-place) / Math.log1p(-place) - 1))
    .reduce((a, b) => Math.max(a, b));
  expect(worst).toBeLessThanOrEqual(2 ** -52);
});

test("rounds as the C library that NumPy calls, where others round apart", () => {
  expect(log1p(-0.22591016124709584)).toBe(-0.2560673413879108);
});
