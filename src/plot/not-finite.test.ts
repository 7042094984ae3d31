import { describe, expect, test } from "vitest";
import { notFiniteMarks } from "./not-finite.ts";

function line(name: string, values: readonly number[]) {
  return { name, style: "train", points: values.map((value, index) => ({ step: 1000 * index, value })) } as const;
}

describe("notFiniteMarks", () => {
  test("says nothing of finite curves", () => {
    expect(notFiniteMarks([line("training", [1, 2])])).toEqual([]);
  });

  test("names no curve when all leave the finite together", () => {
    const lines = [line("training", [1, Infinity, NaN]), line("validation", [2, NaN, NaN])];
    expect(notFiniteMarks(lines)).toEqual([{ step: 1000, text: "not finite from step 1,000" }]);
  });

  test("names each curve when they leave apart, and says `at` when one comes back", () => {
    const lines = [line("training", [1, NaN, 2]), line("validation", [2, 3, NaN])];
    expect(notFiniteMarks(lines)).toEqual([
      { step: 1000, text: "training not finite at step 1,000" },
      { step: 2000, text: "validation not finite from step 2,000" },
    ]);
  });
});
