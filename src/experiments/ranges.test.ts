import { describe, expect, test } from "vitest";
import { parseSpec } from "../record/parse-spec.ts";
import { published } from "./catalogue.ts";

const variants = published.flatMap(({ id, variants }) => variants.map((variant) => ({ id, variant })));
const numbers = variants.flatMap(({ id, variant }) =>
  variant.kind === "training" ? variant.numbers.map((number) => ({ id, protocol: variant.name, ...number })) : [],
);
const checks = variants.flatMap(({ id, variant }) => (variant.kind === "gradient-check" ? [{ id, ...variant }] : []));

describe("what a report printed", () => {
  test.each(numbers.filter(({ reported }) => reported !== undefined))(
    "$id, $protocol: $what lies within the range that counts as reproducing it",
    ({ reported, low, high }) => {
      expect(reported).toBeGreaterThanOrEqual(low);
      expect(reported).toBeLessThanOrEqual(high);
    },
  );

  test("is asked for where a training's accuracies are printed, by one protocol at least", () => {
    for (const { id, reported } of published) {
      for (const what of ["trainAccuracy", "validationAccuracy", "testAccuracy"]) {
        const printed = (reported as Record<string, unknown> | null)?.[what];
        if (printed === undefined) continue;
        expect(
          numbers.some((number) => number.id === id && number.what === what && number.reported === printed),
          `${id} ${what} ${printed}`,
        ).toBe(true);
      }
    }
  });
});

test("accuracies are fractions, and a range of theirs spans no more than ten points", () => {
  for (const { id, what, low, high } of numbers.filter((number) => number.what.endsWith("Accuracy"))) {
    expect(low, id).toBeGreaterThan(0);
    expect(high, id).toBeLessThanOrEqual(1);
    expect(high - low, `${id} ${what}`).toBeLessThanOrEqual(0.1 + 1e-9);
  }
});

test("every training begins from seed 1; only the reference run names its device", () => {
  for (const { id, variant } of variants) {
    if (variant.kind === "gradient-check") continue;
    for (const input of variant.kind === "search" ? variant.trials : [variant.spec]) {
      const spec = parseSpec(input);
      expect(spec.seed, id).toBe(1);
      expect(spec.device, id).toBe(id === "004-E2" ? "wasm" : "auto");
    }
  }
});

test.each(checks)("$id, $name: a check asks for something", ({ measure, bound, because }) => {
  expect(measure === "decimals" ? Number.isInteger(bound) && bound > 0 : bound > 0 && bound < 1).toBe(true);
  expect(because).not.toBe("");
});
