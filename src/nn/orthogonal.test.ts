import { expect, test } from "vitest";
import { stream } from "../math/random/stream.ts";
import { orthogonal } from "./orthogonal.ts";

test.each([
  [1, 1],
  [5, 12],
  [12, 5],
  [40, 40],
  [50, 300],
])("a %i x %i matrix has orthonormal rows, or columns where it is tall, times its gain", (out, inputs) => {
  const gain = 1.5;
  const W = orthogonal(gain, stream(1, "orthogonal", out, inputs), out, inputs);
  const count = Math.min(out, inputs);
  const entry = (vector: number, at: number) => (out <= inputs ? W[vector * inputs + at] : W[at * inputs + vector]);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      let product = 0;
      for (let at = 0; at < Math.max(out, inputs); at++) product += entry(a, at) * entry(b, at);
      expect(Math.abs(product - (a === b ? gain * gain : 0)), `${a}, ${b}`).toBeLessThan(1e-14);
    }
  }
});

test("2 x 2 matrices point everywhere alike, and half of them are mirrors", () => {
  const many = Array.from({ length: 4000 }, (_, i) => orthogonal(1, stream(2, "orthogonal", i), 2, 2));
  // 5 standard deviations of a share of 4000: a half 158, a quarter 137.
  for (const [right, up] of [
    [1, 1],
    [1, -1],
    [-1, 1],
    [-1, -1],
  ]) {
    const quarter = many.filter(([x, y]) => x * right > 0 && y * up > 0).length;
    expect(Math.abs(quarter - 1000)).toBeLessThan(137);
  }
  const mirrors = many.filter(([a, b, c, d]) => a * d - b * c < 0).length;
  expect(Math.abs(mirrors - 2000)).toBeLessThan(158);
});
