import { stringify } from "yaml";
import type { Experiment } from "../experiments/experiment.ts";
import type { GradientCheck } from "../gradcheck/verdict.ts";
import type { Rate } from "../plot/curves.ts";
import { element, escapeMarkup } from "../plot/markup.ts";
import { numberText } from "../plot/number-text.ts";
import type { RunDocument } from "../record/run-document.ts";
import { circumstancesTable } from "./circumstances-table.ts";
import { figures } from "./figures.ts";
import { gradientTable } from "./gradient-table.ts";
import { headline } from "./headline.ts";
import { htmlTable } from "./html-table.ts";
import { page } from "./page.ts";
import { resultsTable } from "./results-table.ts";
import type { TextTable } from "./text-table.ts";
import { verdictTable } from "./verdict-table.ts";

/** What a report is made of; sections without material are left out. */
export interface ReportMaterial {
  readonly run: RunDocument;
  readonly gradients?: GradientCheck;
  /** The published experiment the run reproduces. */
  readonly experiment?: Experiment;
  /** The learning rate between measurements, where the caller can compute it. */
  readonly rates?: readonly Rate[];
}

/** One self-contained HTML file: nothing to load, no script, everything that came from a file escaped. */
export function htmlReport({ run, gradients, experiment, rates }: ReportMaterial): string {
  const title = experiment?.title ?? run.spec.name;
  return page(experiment === undefined ? title : `${experiment.id}: ${title}`, [
    ...opening(run, title, experiment),
    ...(experiment === undefined
      ? []
      : [section("Reported against obtained", htmlTable(verdictTable(experiment, run)))]),
    section("Results", htmlTable(resultsTable(run))),
    section("Curves", ...figures(run, rates)),
    ...(gradients === undefined ? [] : [section("Gradient check", htmlTable(gradientTable(gradients)))]),
    ...(experiment === undefined || experiment.unstated.length === 0 ? [] : [unstatedSection(experiment)]),
    section("Computation", htmlTable(circumstancesTable(run))),
    reproduction(run, experiment),
  ]);
}

function section(heading: string, ...content: readonly string[]): string {
  return element("section", {}, element("h2", {}, escapeMarkup(heading)), ...content);
}

function paragraph(text: string): string {
  return element("p", {}, escapeMarkup(text));
}

function opening(run: RunDocument, title: string, experiment: Experiment | undefined): readonly string[] {
  const { text, tone } = headline(run, experiment);
  const { train, validation, test } = run.examples;
  const [images, held, tested] = [train, validation, test].map((count) => numberText(count, "count"));
  const network = [...run.spec.network.hidden, "classes"].length;
  return [
    element(
      "p",
      { class: "kicker" },
      escapeMarkup(experiment === undefined ? "Gradus run" : `Experiment ${experiment.id}`),
    ),
    element("h1", {}, escapeMarkup(title)),
    element("p", { class: `headline ${tone}` }, escapeMarkup(text.replaceAll(" %", "\u00a0%"))),
    paragraph(
      `A network of ${network} ${network === 1 ? "layer" : "layers"} with ${numberText(run.parameters, "count")} trainable parameters, trained on ${images} images of ${run.spec.data.dataset.toUpperCase()} in ${numberText(run.seconds, "seconds")} seconds on ${run.device.name} (${run.device.dtype}); ${held} images for validation, ${tested} for the test.`,
    ),
    ...(run.state === "diverged"
      ? [
          paragraph(
            "The numbers below are of the weights as the divergence left them; the curves end where they were last measured.",
          ),
        ]
      : []),
  ];
}

function unstatedSection({ unstated }: Experiment): string {
  const table: TextTable = {
    caption: "Settings the report does not give",
    columns: [
      { header: "setting", kind: "text" },
      { header: "taken here", kind: "text" },
    ],
    groups: [{ rows: unstated.map(({ what, taken }) => ({ cells: [what, taken] })) }],
    notes: [],
    explanations: [],
  };
  return section("What the report leaves unstated", htmlTable(table));
}

function reproduction({ spec, device }: RunDocument, experiment: Experiment | undefined): string {
  return section(
    "Reproduce",
    paragraph("Save this specification as run.yaml; it is complete, every default filled in:"),
    element("pre", { tabindex: "0", "aria-label": "specification" }, escapeMarkup(stringify(spec))),
    paragraph("Then train it on the same device:"),
    element(
      "pre",
      { tabindex: "0", "aria-label": "command" },
      escapeMarkup(`npx gradus train run.yaml --device ${device.name} --dtype ${device.dtype}`),
    ),
    ...(experiment === undefined
      ? []
      : [
          paragraph("The experiment with its own settings:"),
          element("pre", {}, escapeMarkup(`npx gradus train ${experiment.id}`)),
        ]),
    paragraph("A repetition that is exact to the last bit ends with the SHA-256 of the weights given above."),
  );
}
