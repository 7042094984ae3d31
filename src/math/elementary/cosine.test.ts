import { expect, test } from "vitest";
import { cosineOfPi } from "./cosine.ts";

// NumPy 2.4.6: np.cos(np.longdouble(x) * longdouble pi), rounded to double.
const known: readonly (readonly [x: number, cosine: number])[] = [
  [0.001, 0.9999950652018582],
  [0.1, 0.9510565162951535],
  [0.2, 0.8090169943749475],
  [0.3, 0.5877852522924731],
  [0.375, 0.3826834323650898],
  [0.45, 0.15643446504023084],
  [0.499, 0.003141587485879566],
  [0.51, -0.03141075907812832],
  [0.6, -0.30901699437494734],
  [0.7, -0.587785252292473],
  [0.8, -0.8090169943749475],
  [0.9, -0.9510565162951536],
  [0.999, -0.9999950652018582],
];

test("is NumPy's in extended precision, within the last bit", () => {
  for (const [x, cosine] of known) {
    expect(Math.abs(cosineOfPi(x) - cosine), `${x}`).toBeLessThanOrEqual(
      2 ** -52 * Math.max(Math.abs(cosine), 2 ** -3),
    );
  }
});

test("is exact where it can be, falls all the way and is odd about a half", () => {
  expect([0, 0.5, 1].map(cosineOfPi)).toEqual([1, 0, -1]);
  const values = Array.from({ length: 1025 }, (_, i) => cosineOfPi(i / 1024));
  expect(values.every((value, i) => i === 0 || value < values[i - 1])).toBe(true);
  expect(values.every((value, i) => value + values[1024 - i] === 0)).toBe(true);
});
