import type { GradientCheck } from "../gradcheck/verdict.ts";
import { largestOf } from "../math/extremes.ts";
import { numberText } from "../plot/number-text.ts";
import { formText, lossText } from "./network-form.ts";
import type { TextTable } from "./text-table.ts";

/** The gradient checks of several architectures: a row each, with its worst parameter. */
export function gradientSummary(
  checks: readonly GradientCheck[],
  caption = "Gradient check of the architectures in this report",
): TextTable {
  return {
    caption,
    columns: [
      { header: "network", kind: "text" },
      { header: "parameters checked", kind: "number" },
      { header: "entries", kind: "number" },
      { header: "largest relative error", kind: "number" },
      { header: "kinks left out", kind: "number" },
      { header: "verdict", kind: "text" },
    ],
    groups: [{ rows: checks.map((check) => ({ cells: cells(check), tone: check.passed ? "good" : "bad" })) }],
    notes: [...new Set(checks.map(method))],
    explanations: [],
  };
}

function cells({ parameters, problem, passed }: GradientCheck): readonly string[] {
  const [{ layers, lambda }] = parameters;
  const judged = problem.loss === undefined ? "" : `, ${lossText(problem.loss)}`;
  const entries = parameters.reduce((sum, { shape }) => sum + shape.reduce((size, extent) => size * extent, 1), 0);
  const relative = parameters.filter(({ zero }) => zero !== true).map(({ maxRelative }) => maxRelative);
  return [
    `${layers} ${layers === 1 ? "layer" : "layers"}, λ = ${numberText(lambda, "rate")}${formText(problem)}${judged}`,
    String(parameters.length),
    numberText(entries, "count"),
    numberText(largestOf(relative), "error"),
    numberText(
      parameters.reduce((sum, { kinks }) => sum + kinks.length, 0),
      "count",
    ),
    passed ? "agrees" : "disagrees",
  ];
}

function method({ problem: { dimensions, examples, hidden, seed }, step, tolerance }: GradientCheck): string {
  return `Hand-derived gradients against fourth-order centred differences (h = ${numberText(step.centred, "rate")}) in float64, on small networks of the rows' depth and form with ${hidden} nodes a hidden layer, ${examples} examples of ${dimensions} dimensions, seed ${seed}; a parameter agrees below ${numberText(tolerance, "rate")}.`;
}
