import type { GradientCheck, ParameterCheck } from "../gradcheck/verdict.ts";
import { numberText } from "../plot/number-text.ts";
import { formText, lossText } from "./network-form.ts";
import type { TextTable } from "./text-table.ts";

/** The analytic gradients against numeric ones: a row a parameter, a group a network. */
export function gradientTable(check: GradientCheck): TextTable {
  const networks = [...new Set(check.parameters.map(network))];
  return {
    caption: `Gradient check: ${outcomeText(check)}`,
    columns: [
      { header: "parameter", kind: "text" },
      { header: "shape", kind: "number" },
      { header: "max abs", kind: "number" },
      { header: "max rel", kind: "number" },
      { header: "norm rel", kind: "number" },
      { header: "decimals", kind: "number" },
      { header: "forward", kind: "number" },
      { header: "kinks", kind: "number" },
      { header: "verdict", kind: "text" },
    ],
    groups: networks.map((heading) => ({
      heading: heading + formText(check.problem),
      rows: check.parameters
        .filter((parameter) => network(parameter) === heading)
        .map((parameter) => ({
          cells: [
            parameter.name,
            parameter.shape.join("×"),
            numberText(parameter.maxAbsolute, "error"),
            parameter.zero ? "must be 0" : numberText(parameter.maxRelative, "error"),
            parameter.zero ? "must be 0" : numberText(parameter.normRelative, "error"),
            numberText(parameter.decimals, "count"),
            numberText(parameter.forward.maxAbsolute, "error"),
            numberText(parameter.kinks.length, "count"),
            verdictText(parameter, check),
          ],
          tone: parameter.passed ? ("good" as const) : ("bad" as const),
        })),
    })),
    notes: [problemText(check), ...kinkNotes(check.parameters)],
    explanations: explanations(check),
  };
}

function verdictText({ passed, maxRelative }: ParameterCheck, { tolerance }: GradientCheck): string {
  if (passed) return "agrees";
  return maxRelative < tolerance ? "not checked" : "disagrees";
}

function outcomeText(check: GradientCheck): string {
  const verdicts = new Set(check.parameters.map((parameter) => verdictText(parameter, check)));
  if (verdicts.has("disagrees")) return "a parameter disagrees";
  return verdicts.has("not checked") ? "a parameter could not be checked" : "every parameter agrees";
}

function network({ layers, lambda }: ParameterCheck): string {
  return `${layers} ${layers === 1 ? "layer" : "layers"}, lambda ${numberText(lambda, "rate")}`;
}

function problemText({ problem, step, tolerance }: GradientCheck): string {
  const { dimensions, examples, hidden, seed, loss } = problem;
  const judged = loss === undefined ? "" : `, ${lossText(loss)}`;
  const h = numberText(step.centred, "rate");
  return `Analytic against centred differences, h = ${h}, float64: ${examples} examples of ${dimensions} dimensions, ${hidden} nodes a hidden layer${judged}, seed ${seed}. A parameter agrees when its max rel is below ${numberText(tolerance, "rate")}.`;
}

function explanations({ parameters, step, eps }: GradientCheck): readonly string[] {
  const rate = (value: number) => numberText(value, "rate");
  return [
    "The centred difference of the cost J at the entry t of a parameter is D(h) = (J(t + h) - J(t - h)) / 2h; gn = (4 D(h) - D(2h)) / 3, whose error is of order h^4; ga is the analytic gradient.",
    `Max abs: the largest |ga - gn|. Max rel: the largest |ga - gn| / max(eps, |ga| + |gn|), eps = ${rate(eps)}. Norm rel: the same of whole vectors, ||ga - gn|| / max(eps, ||ga|| + ||gn||). Decimals: the most to which every entry agrees.`,
    `Forward: the largest difference to (J(t + h) - J(t)) / h with h = ${rate(step.forward)}, whose own error is of the order of h.`,
    ...(parameters.some(({ zero }) => zero)
      ? [
          "Must be 0: adding a constant to what batch normalisation normalises changes nothing, so the bias before it has no gradient and no relative error. Max abs is then the larger of |ga| and |gn|, and must be below the same bound of the largest gradient of the layer's weights.",
        ]
      : []),
    "Kinks: entries left out because moving them by h takes a hidden unit's score through zero, where the cost has a corner and no gradient. Entries, units and examples are counted from 0, layers from 1.",
  ];
}

const kinksNamed = 10;

/** The first kinks by name: which entry was moved, and which unit on which example it took through zero. */
function kinkNotes(parameters: readonly ParameterCheck[]): readonly string[] {
  const kinkTexts = parameters.flatMap((parameter) =>
    parameter.kinks.map(
      ({ entry, layer, unit, example }) =>
        `Kink at ${parameter.name}[${entry.join(", ")}] (${network(parameter)}): unit ${unit} of hidden layer ${layer} on example ${example}.`,
    ),
  );
  const more = kinkTexts.length - kinksNamed;
  return more > 0 ? [...kinkTexts.slice(0, kinksNamed), `And ${more} more kinks.`] : kinkTexts;
}
