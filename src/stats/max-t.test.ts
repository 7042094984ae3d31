import { expect, test } from "vitest";
import { stream } from "../math/random/stream.ts";
import { holm } from "./holm.ts";
import { maxT } from "./max-t.ts";
import { mean, variance } from "./moments.ts";
import { studentProbability } from "./student.ts";

const n = 20;
const noise = (seed: number, question: number) => Array.from(stream(seed, "max-t", question).standardNormal(n));

test("of one question it is the bootstrap's own p, near Student's", () => {
  const values = noise(1, 0).map((value) => value + 0.5);
  const t = mean(values) / Math.sqrt(variance(values) / n);
  const [p] = maxT([values], stream(1, "resample"), 20_000);
  expect(Math.abs(p - studentProbability(-t, n - 1))).toBeLessThan(0.01);
});

test("questions that are one question cost nothing, where Holm's correction would multiply", () => {
  const values = noise(3, 0).map((value) => value + 0.6);
  const [alone] = maxT([values], stream(1, "resample"));
  const together = maxT([values, values, values, values], stream(1, "resample"));
  expect(together).toEqual([alone, alone, alone, alone]);
  expect(holm(together)[0]).toBeCloseTo(4 * alone, 12);
});

test("under no difference, at most about 5 % of families of ten have a p of .05 or less; a real one is found", () => {
  let wrong = 0;
  const families = 200;
  for (let family = 0; family < families; family++) {
    const rows = Array.from({ length: 10 }, (_, question) => noise(family, question));
    if (Math.min(...maxT(rows, stream(family, "resample"), 199)) <= 0.05) wrong += 1;
  }
  expect(wrong / families).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / families));
  const rows = Array.from({ length: 10 }, (_, question) => noise(1, question).map((v) => v + (question === 3 ? 2 : 0)));
  expect(maxT(rows, stream(1, "resample")).map((p) => p < 0.01)).toEqual(rows.map((_, question) => question === 3));
});

test("questions of other lengths are refused", () => {
  expect(() => maxT([[1, 2], [1]], stream(1, "resample"))).toThrow(RangeError);
});
