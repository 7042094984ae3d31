import type { Diagnosis } from "../gradcheck/diagnose.ts";
import { mistakes } from "../gradcheck/mistakes.ts";
import { numberText } from "../plot/number-text.ts";
import type { TextTable } from "./text-table.ts";

/** Somebody's gradients against the right ones, a row a parameter; under it what is wrong. */
export function diagnosisTable(diagnosis: Diagnosis, notes: readonly string[]): TextTable {
  const { parameters, passed, tolerance } = diagnosis;
  return {
    caption: `Gradients against the right ones: ${passed ? "every parameter agrees" : "they disagree"}`,
    columns: [
      { header: "parameter", kind: "text" },
      { header: "shape", kind: "number" },
      { header: "max abs", kind: "number" },
      { header: "norm rel", kind: "number" },
      { header: "farthest", kind: "text" },
      { header: "is", kind: "number" },
      { header: "should be", kind: "number" },
      { header: "verdict", kind: "text" },
    ],
    groups: [
      {
        rows: parameters.map(({ name, shape, maxAbsolute, normRelative, farthest, agrees }) => ({
          cells: [
            name,
            shape.join("×"),
            numberText(maxAbsolute, "error"),
            numberText(normRelative, "error"),
            farthest.place,
            shortNumber(farthest.theirs),
            shortNumber(farthest.right),
            agrees ? "agrees" : "disagrees",
          ],
          tone: agrees ? ("good" as const) : ("bad" as const),
        })),
      },
    ],
    notes: [
      `An entry agrees within ${numberText(tolerance, "rate")} of the largest of its parameter; entries are counted from 0.`,
      ...notes.map((note) => `Taken for granted: ${note}.`),
      ...diagnosis.mistakes.map(({ parameters: of, what, remedy }) => `${of.join(", ")}: ${what}. Right: ${remedy}.`),
      ...(diagnosis.isExplained
        ? []
        : ["No mistake that is known by name, and no two of them, gives these gradients."]),
      ...unseenNotes(diagnosis.unseen),
    ],
    explanations: [],
  };
}

/** What the file could not have shown, unless it is plain. */
function unseenNotes(unseen: readonly string[]): string[] {
  const named = mistakes.filter(({ name, step }) => unseen.includes(name) && (step === "penalty" || step === "bias"));
  if (named.length === 0) return [];
  const what = named.some(({ step }) => step === "penalty")
    ? "the penalty (lambda is 0, or too small beside the loss)"
    : "";
  const bias = named.some(({ step }) => step === "bias") ? "a penalty of the biases (lambda or they are 0)" : "";
  return [`These data cannot show mistakes about ${[what, bias].filter(Boolean).join(" and ")}.`];
}

function shortNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value);
}
