import { describe, expect, test } from "vitest";
import { lambdaAxis } from "./lambda-axis.ts";

const texts = (lambdas: readonly number[], right = 640) => lambdaAxis(lambdas, 40, right).ticks.map(({ text }) => text);

describe("lambdaAxis", () => {
  test("has decades in even steps between its margins", () => {
    const axis = lambdaAxis([1e-5, 1e-1], 40, 640);
    expect([1e-5, 1e-4, 1e-3, 1e-2, 1e-1].map((lambda) => Math.round(axis.place(lambda)))).toEqual([
      58, 199, 340, 481, 622,
    ]);
    expect(axis.ticks.map(({ text }) => text)).toEqual(["1e-5", "1e-4", "1e-3", "1e-2", "1e-1"]);
    expect(axis.gap).toBeUndefined();
  });

  test("has 0 at the left edge, and the rest beyond a gap", () => {
    const axis = lambdaAxis([1e-3, 0, 1e-1], 40, 640);
    expect([axis.place(0), axis.place(1e-3), axis.place(1e-1)].map(Math.round)).toEqual([58, 106, 622]);
    expect(axis.gap).toBe(82);
    expect(axis.ticks.map(({ text }) => text)).toEqual(["0", "0.001", "0.01", "0.1"]);
  });

  test("has numbers in between where a search spans a decade or two, as many as have room", () => {
    expect(texts([0.002, 0.06])).toEqual(["0.002", "0.005", "0.01", "0.02", "0.05"]);
    expect(texts([0.002, 0.06], 180)).toEqual(["0.002", "0.01", "0.05"]);
  });

  test("places a single value, or none but 0, with a number beside it", () => {
    expect(lambdaAxis([0.01], 40, 640).place(0.01)).toBeCloseTo(340, 0);
    expect(texts([0.01])).toContain("0.01");
    expect(texts([0, 0])).toEqual(["0"]);
    expect(texts([])).toEqual([]);
  });

  test.each([-0.1, Number.NaN, Number.POSITIVE_INFINITY])("refuses %s", (lambda) => {
    expect(() => lambdaAxis([0.1, lambda], 40, 640)).toThrow(/it must be 0 or more/);
  });
});
