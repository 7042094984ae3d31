import { expect, test } from "vitest";
import { answersOf } from "./test-answers.ts";

test("answers are counted by right class and answer, the surest wrong ones first", () => {
  const probabilities = [0.9, 0.1, 0.2, 0.8, 0.4, 0.6, 0.99, 0.01];
  const { confusion, surestWrong, histogram } = answersOf(
    probabilities,
    Uint8Array.of(0, 1, 0, 1),
    ["cat", "dog"],
    true,
  );
  expect(confusion).toEqual([
    [1, 1],
    [1, 1],
  ]);
  expect(surestWrong.map(({ image, label, answer, right }) => [image, label, answer, right])).toEqual([
    [3, 1, 0, 0.01],
    [2, 0, 1, 0.4],
  ]);
  expect(histogram.reduce((sum, count) => sum + count)).toBe(4);
  expect(histogram[0]).toBe(1); // p = 0.01
  expect(histogram[18]).toBe(1); // p = 0.9
});
