import { describe, expect, test } from "vitest";
import { experiment004E2 } from "../experiments/004-e2.ts";
import type { RunDocument } from "../record/run-document.ts";
import recorded from "./fixtures/run.json" with { type: "json" };
import { headline } from "./headline.ts";

const run = recorded as unknown as RunDocument;

describe("headline", () => {
  test("is the result in one line", () => {
    expect(headline(run, experiment004E2).text).toBe(
      "Reproduced: test accuracy 46.01 % (reported 45.98 %); training accuracy 60.50 %.",
    );
    expect(headline(run).text).toBe("Accuracy: test 46.01 %, validation 45.60 %, training 60.50 %.");
  });

  test("names what lies outside its range", () => {
    const final = { ...run.final, test: { ...run.final.train, accuracy: 0.43 } };
    expect(headline({ ...run, final }, experiment004E2).text).toBe(
      "Not reproduced: test accuracy 43.00 %, accepted 45.20–47.20 %.",
    );
  });

  test("decides nothing where the settings are others", () => {
    const spec = { ...run.spec, network: { ...run.spec.network, hidden: [80] } };
    expect(headline({ ...run, spec }, experiment004E2).text).toBe(
      "Not the settings of 004-E2 (network.hidden), so its ranges decide nothing. Accuracy: test 46.01 %, validation 45.60 %, training 60.50 %.",
    );
  });

  test("tells of divergence before all else", () => {
    const divergence = { step: 412, layer: 2, where: "W2" };
    expect(headline({ ...run, state: "diverged", divergence }, experiment004E2).text).toBe(
      "Diverged after update 412: W2 is not finite.",
    );
  });
});
