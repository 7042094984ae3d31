import { stringify } from "yaml";
import type { Experiment } from "../experiments/experiment.ts";
import { identityName, identityOf } from "../experiments/identity.ts";
import type { GradientCheck } from "../gradcheck/verdict.ts";
import { numberText } from "../plot/number-text.ts";
import type { Rate } from "../plot/run-lines.ts";
import { datasetName } from "../record/dataset-name.ts";
import type { RunDocument } from "../record/run-document.ts";
import { circumstancesTable } from "./circumstances-table.ts";
import { gradientTable } from "./gradient-table.ts";
import { type Headline, headline } from "./headline.ts";
import type { OwnWords } from "./own-words.ts";
import { curvesFigure, type ReportFigure } from "./report-figures.ts";
import { resultsTable } from "./results-table.ts";
import { circumstances, noticeText } from "./run-notes.ts";
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
  /** What its model says of the test images, and what it has learned, as pictures. */
  readonly pictures?: readonly ReportFigure[];
}

/** Everything a report says, in order; the formats differ in nothing but how it is written. No text is escaped yet. */
export interface ReportContent {
  /** What kind of report it is: `Experiment 004-E2`. */
  readonly kicker: string;
  readonly title: string;
  /** The title as it stands where the kicker does not. */
  readonly fullTitle: string;
  /** No number at the end of a line and its unit on the next. */
  readonly headline: Headline;
  readonly opening: readonly string[];
  readonly sections: readonly Section[];
}

export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "table"; readonly table: TextTable }
  /** Raw numbers: folded away on a page, left out on paper. */
  | { readonly kind: "data"; readonly table: TextTable }
  | { readonly kind: "figure"; readonly figure: ReportFigure }
  /** Two figures that stand side by side where there is room. */
  | { readonly kind: "pair"; readonly figures: readonly [ReportFigure, ReportFigure] }
  /** A place for the author's own words. */
  | { readonly kind: "words"; readonly name: string }
  /** Text to be copied, line by line as it is. */
  | { readonly kind: "listing"; readonly name: string; readonly language: "yaml" | "sh"; readonly text: string };

/** The report of one run: which sections it has, and what each says. */
export function reportContent(material: ReportMaterial): ReportContent {
  const { run, gradients, experiment, rates, pictures = [] } = material;
  const curves = curvesFigure(run, { rates });
  const title = experiment?.title ?? run.spec.name;
  const identity = identityOf(run);
  const name = identity === undefined ? experiment?.id : identityName(identity);
  const unstated = experiment?.unstated ?? [];
  const { text, tone } = headline(run, experiment);
  return {
    kicker: experiment === undefined ? "Gradus run" : `Experiment ${name}`,
    title,
    fullTitle: experiment === undefined ? title : `${name}: ${title}`,
    headline: { text: text.replace(/(\d) (%|nats)/g, "$1\u00a0$2"), tone },
    opening: opening(run),
    sections: [
      ...(experiment === undefined || experiment.numbers.length === 0
        ? []
        : [section("Reported against obtained", table(verdictTable(experiment, run)))]),
      section("Results", table(resultsTable(run))),
      ...(run.notices === undefined ? [] : [section("Notices", ...run.notices.map(noticeText).map(paragraph))]),
      ...(curves === undefined ? [] : [section("Curves", { kind: "figure", figure: curves })]),
      ...(pictures.length === 0 ? [] : [section("What it has learned", ...figureBlocks(pictures))]),
      section("Discussion", { kind: "words", name: "discussion" }),
      ...(gradients === undefined ? [] : [section("Gradient check", table(gradientTable(gradients)))]),
      ...(unstated.length === 0 ? [] : [section("What the report leaves unstated", table(unstatedTable(unstated)))]),
      section("Computation", table(circumstancesTable(run))),
      section("Reproduce", ...reproduction(run, experiment)),
    ],
  };
}

/** Whether a section has something for its reader: a place where nothing has been written yet needs no heading. */
export function hasContent({ blocks }: Section, words: OwnWords): boolean {
  return blocks.some((block) => block.kind !== "words" || (words.get(block.name) ?? "") !== "");
}

/** All figures, in their order. */
export function figuresOf({ sections }: ReportContent): readonly ReportFigure[] {
  return sections.flatMap(({ blocks }) => blocks.flatMap(figuresIn));
}

function figuresIn(block: Block): readonly ReportFigure[] {
  if (block.kind === "figure") return [block.figure];
  return block.kind === "pair" ? block.figures : [];
}

/** Wide figures by themselves, narrow ones two by two. */
export function figureBlocks(figures: readonly ReportFigure[]): readonly Block[] {
  const blocks: Block[] = [];
  let waiting: ReportFigure | undefined;
  for (const figure of figures) {
    if (figure.isNarrow !== true) blocks.push({ kind: "figure", figure });
    else if (waiting === undefined) waiting = figure;
    else {
      blocks.push({ kind: "pair", figures: [waiting, figure] });
      waiting = undefined;
    }
  }
  return waiting === undefined ? blocks : [...blocks, { kind: "figure", figure: waiting }];
}

export function section(heading: string, ...blocks: readonly Block[]): Section {
  return { heading, blocks };
}

export function table(content: TextTable): Block {
  return { kind: "table", table: content };
}

export function paragraph(text: string): Block {
  return { kind: "paragraph", text };
}

function opening(run: RunDocument): readonly string[] {
  const { train, validation, test } = run.examples;
  const [images, heldOut, tested] = [train, validation, test].map((count) => numberText(count, "count"));
  const dataset = datasetName(run.spec.data.dataset).replace(/^(?:cifar-10|mnist)$/, (name) => name.toUpperCase());
  const network = [...run.spec.network.hidden, "classes"].length;
  return [
    `A network of ${network} ${network === 1 ? "layer" : "layers"} with ${numberText(run.parameters, "count")} trainable parameters, trained on ${images} images of ${dataset} in ${numberText(run.seconds, "seconds")} seconds on ${run.device.name} (${run.device.dtype}); ${heldOut} images for validation, ${tested} for the test.`,
    ...(run.state === "diverged"
      ? [
          "The numbers below are of the weights as the divergence left them; the curves end where they were last measured.",
        ]
      : []),
    ...circumstances(run),
  ];
}

function unstatedTable(unstated: Experiment["unstated"]): TextTable {
  return {
    caption: "Settings the report does not give",
    columns: [
      { header: "setting", kind: "text" },
      { header: "taken here", kind: "text" },
    ],
    groups: [{ rows: unstated.map(({ what, taken }) => ({ cells: [what, taken] })) }],
    notes: [],
    explanations: [],
  };
}

function reproduction({ spec, device }: RunDocument, experiment: Experiment | undefined): readonly Block[] {
  const command = `npx gradus train run.yaml --device ${device.name} --dtype ${device.dtype}`;
  return [
    paragraph("Save this specification as run.yaml; it is complete, every default filled in:"),
    { kind: "listing", name: "specification", language: "yaml", text: stringify(spec) },
    paragraph("Then train it on the same device:"),
    { kind: "listing", name: "command", language: "sh", text: command },
    ...(experiment === undefined
      ? []
      : [
          paragraph("The experiment with its own settings:"),
          {
            kind: "listing",
            name: "command of the experiment",
            language: "sh",
            text: `npx gradus train ${experiment.id}`,
          } as const,
        ]),
    paragraph("A repetition that is exact to the last bit ends with the SHA-256 of the weights given above."),
  ];
}
