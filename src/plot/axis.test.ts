import { describe, expect, test } from "vitest";
import { linearAxis, logarithmicAxis, stepAxis } from "./axis.ts";

const texts = (axis: { ticks: readonly { text: string }[] } | undefined) => axis?.ticks.map(({ text }) => text);

describe("stepAxis", () => {
  test("runs from 0 to the last step in whole numbers", () => {
    const axis = stepAxis([0, 500, 1000], 50, 550);
    expect(texts(axis)).toEqual(["0", "200", "400", "600", "800", "1,000"]);
    expect([axis.place(0), axis.place(1000)]).toEqual([50, 550]);
  });

  test("of a window holds its steps, over the whole width", () => {
    const axis = stepAxis([0, 500, 1000], 50, 550, { from: 500, to: 1000 });
    expect(texts(axis)).toEqual(["500", "600", "700", "800", "900", "1,000"]);
    expect([axis.place(500), axis.place(1000)]).toEqual([50, 550]);
  });

  test("has no fractions of a step", () => {
    expect(texts(stepAxis([0], 0, 500))).toEqual(["0", "1"]);
    expect(texts(stepAxis([0, 3], 0, 500))).toEqual(["0", "1", "2", "3"]);
  });
});

describe("linearAxis", () => {
  test("ends at round numbers around the finite values", () => {
    const axis = linearAxis([10.1, 60.5, Number.NaN, Number.POSITIVE_INFINITY], 100, 0, 5);
    expect(texts(axis)).toEqual(["10", "20", "30", "40", "50", "60", "70"]);
    expect([axis.place(10), axis.place(70)]).toEqual([100, 0]);
  });

  test("gives a constant room around it, but none below zero", () => {
    const axis = linearAxis([10, 10], 100, 0, 5);
    expect(axis.place(10)).toBeGreaterThan(0);
    expect(axis.place(10)).toBeLessThan(100);
    expect(texts(linearAxis([0, 0], 100, 0, 2))).toEqual(["0.0", "0.5", "1.0"]);
  });

  test("writes large and small values as powers of ten", () => {
    expect(texts(linearAxis([0, 5e33], 100, 0, 5))).toEqual(["0", "1e33", "2e33", "3e33", "4e33", "5e33"]);
    expect(texts(linearAxis([0, 1e-5], 100, 0, 2))).toEqual(["0", "5e-6", "1e-5"]);
  });

  test("stays finite up to the largest float", () => {
    const axis = linearAxis([0, Number.MAX_VALUE], 100, 0, 5);
    expect(axis.place(Number.MAX_VALUE)).toBe(0);
  });

  test("shows no numbers when there are none", () => {
    expect(texts(linearAxis([Number.NaN], 100, 0, 5))).toEqual([]);
  });
});

describe("logarithmicAxis", () => {
  test("has ticks at powers of ten over many decades, at 1, 2 and 5 over few, evenly within one", () => {
    expect(texts(logarithmicAxis([1, 1e30], 100, 0))).toEqual(["1e0", "1e5", "1e10", "1e15", "1e20", "1e25", "1e30"]);
    expect(texts(logarithmicAxis([0.01, 2.4], 100, 0))).toEqual([
      "0.01",
      "0.02",
      "0.05",
      "0.1",
      "0.2",
      "0.5",
      "1",
      "2",
    ]);
    expect(texts(logarithmicAxis([1.14, 2.46], 100, 0))).toEqual(["1.2", "1.4", "1.6", "1.8", "2.0", "2.2", "2.4"]);
  });

  test("is refused to values that have no logarithm", () => {
    expect(logarithmicAxis([1, 0], 100, 0)).toBeUndefined();
    expect(logarithmicAxis([Number.NaN], 100, 0)).toBeUndefined();
  });
});

test("values too small to divide by are as good as none", () => {
  for (const values of [[5e-324], [0, 5e-324], [1e-310, 3e-310]]) {
    const axis = linearAxis(values, 100, 0, 5);
    expect(values.map(axis.place).every(Number.isFinite)).toBe(true);
    expect(logarithmicAxis(values, 100, 0)).toBeUndefined();
  }
});
