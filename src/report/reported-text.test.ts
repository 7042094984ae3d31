import { describe, expect, test } from "vitest";
import { experiment004E2 } from "../experiments/004-e2.ts";
import type { Experiment, ReportedNumber } from "../experiments/experiment.ts";
import type { RunDocument } from "../record/run-document.ts";
import { consoleTable } from "./console-table.ts";
import recorded from "./fixtures/run.json" with { type: "json" };
import { headline } from "./headline.ts";
import { acceptedText, obtainedText, publishedText, withUnit } from "./reported-text.ts";
import { verdictTable } from "./verdict-table.ts";

const run = recorded as unknown as RunDocument;
const loss: ReportedNumber = {
  what: "trainLoss",
  reported: 1.15,
  low: 1.1,
  high: 1.2,
  because: "read off figure 3",
};

function withNumbers(...numbers: readonly ReportedNumber[]): Experiment {
  return { ...experiment004E2, numbers };
}

describe("texts of reported numbers", () => {
  test.each([
    ["trainLoss", 1.55, "1.55"],
    ["trainLoss", 1.5, "1.50"],
    ["validationLoss", 1.54213, "1.5421"],
    ["validationLoss", 0, "0.00"],
    ["validationLoss", 3.1e-5, "3.1e-5"],
    ["testAccuracy", 0.46, "46.00"],
  ] as const)("a published %s of %s is %s", (what, value, text) => expect(publishedText(what, value)).toBe(text));

  test("a run's own loss has four decimals, and units are its kind's", () => {
    expect(obtainedText("trainLoss", 1.5)).toBe("1.5000");
    expect(withUnit("trainLoss", "1.5000")).toBe("1.5000 nats");
    expect(withUnit("trainAccuracy", "60.50")).toBe("60.50 %");
    expect(withUnit("trainLoss", obtainedText("trainLoss", Number.NaN))).toBe("NaN");
    expect(acceptedText(loss)).toBe("1.10–1.20");
  });
});

describe("losses among the reported numbers", () => {
  test("share their unit in the header, and have no interval of a fraction", () => {
    const table = verdictTable(withNumbers(loss, { ...loss, what: "validationLoss", low: 1, high: 1.5 }), run);
    expect(table.columns.map(({ header }) => header)).toEqual([
      "number",
      "reported (nats)",
      "obtained (nats)",
      "95 % interval (nats)",
      "accepted (nats)",
      "verdict",
    ]);
    expect(table.groups[0].rows.map(({ cells }) => cells)).toEqual([
      ["training loss", "1.15", "1.1372", "–", "1.10–1.20", "within range"],
      ["validation loss", "1.15", "1.5421", "–", "1.00–1.50", "outside range"],
    ]);
    expect(table.notes).toContain("Why 1.10–1.20 nats for the training loss: read off figure 3.");
  });

  test("beside accuracies have their unit in their row", () => {
    const text = consoleTable(verdictTable(withNumbers(...experiment004E2.numbers, loss), run)).replace(/ +/g, " ");
    expect(text).toContain("\nnumber reported obtained 95 % interval accepted verdict\n");
    expect(text).toContain("\ntest accuracy (%) 45.98 46.01 45.03–46.99 45.20–47.20 within range\n");
    expect(text).toContain("\ntraining loss (nats) 1.15 1.1372 – 1.10–1.20 within range\n");
  });

  test("are told in the headline", () => {
    expect(headline(run, withNumbers(loss)).text).toBe("Reproduced: training loss 1.1372 nats (reported 1.15 nats).");
    expect(headline(run, withNumbers({ ...loss, high: 1.13 })).text).toBe(
      "Not reproduced: training loss 1.1372 nats, accepted 1.10–1.13 nats.",
    );
  });
});

describe("headline", () => {
  test("of an experiment without numbers decides nothing", () => {
    const { text, tone } = headline(run, withNumbers());
    expect(text).toBe("Accuracy: test 46.01 %, validation 45.60 %, training 60.50 %.");
    expect(tone).toBe("plain");
  });

  test("tells when a run was ended for its cost", () => {
    const spec = { ...run.spec, training: { ...run.spec.training, costLimit: 4 } };
    const divergence = { step: 300, layer: 2, where: "cost" };
    expect(headline({ ...run, spec, state: "diverged", divergence }).text).toBe(
      "Diverged after update 300: the cost on the training images exceeded 4 times its first value.",
    );
  });
});
