import { describe, expect, test } from "vitest";
import { numberText, percentText } from "./number-text.ts";

describe("numberText", () => {
  test.each([
    [153460, "count", "153,460"],
    [0.4598, "fraction", "45.98"],
    [Math.LN10, "nats", "2.3026"],
    [0, "nats", "0.0000"],
    [0.0000312, "nats", "3.1e-5"],
    [5.1706e33, "nats", "5.1706e33"],
    [0.1, "rate", "0.1"],
    [0.020008, "rate", "0.02001"],
    [0.00001, "rate", "1e-5"],
    [0.00020998, "rate", "2.1e-4"],
    [0.001, "rate", "0.001"],
    [0, "rate", "0"],
    [3.14e-11, "error", "3.1e-11"],
    [0, "error", "0"],
    [12.345, "seconds", "12.3"],
    [0.004, "seconds", "4.0e-3"],
  ] as const)("%s as %s is %s", (value, quantity, text) => {
    expect(numberText(value, quantity)).toBe(text);
  });

  test("names what is not finite", () => {
    expect(numberText(Number.NaN, "nats")).toBe("NaN");
    expect(numberText(Number.POSITIVE_INFINITY, "fraction")).toBe("Infinity");
    expect(percentText(Number.NaN)).toBe("NaN");
    expect(percentText(0.4598)).toBe("45.98 %");
  });
});
