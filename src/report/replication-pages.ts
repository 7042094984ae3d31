import type { Published, Variant } from "../experiments/experiment.ts";
import type { LedgerEntry, ObtainedSearch } from "../experiments/ledger.ts";
import { accuracyAgainstLambda } from "../plot/against-lambda.ts";
import { comparison } from "../plot/comparison.ts";
import { curves } from "../plot/curves.ts";
import type { Metric, Part } from "../plot/metric.ts";
import { numberText } from "../plot/number-text.ts";
import type { RunDocument } from "../record/run-document.ts";
import { capitalised } from "./capitalised.ts";
import { checkTable, ledgerTable, searchTable, trainingTable } from "./ledger-table.ts";
import { markdownTable } from "./markdown-table.ts";
import { markdownText } from "./markdown-text.ts";
import type { TextTable } from "./text-table.ts";

/** One protocol of one experiment, with what the pages show of it. */
export interface ReplicationMaterial {
  readonly published: Published;
  readonly variant: Variant;
  readonly entry: LedgerEntry;
  /** Of a training: its first run. */
  readonly run?: RunDocument | undefined;
  /** Weights of the first layer's nodes as images: PNG. */
  readonly picture?: Uint8Array;
}

interface Circumstances {
  readonly seconds: number;
  readonly repeats: number;
}

type Files = Record<string, string | Uint8Array>;

/** Trainings that a report compares: with and without batch normalisation. */
const sideBySide = [
  { first: "002-E3", second: "002-E2", names: ["with batch norm", "without"] },
  { first: "002-E6", second: "002-E7", names: ["with batch norm", "without"] },
  { first: "002-E8", second: "002-E9", names: ["with batch norm", "without"] },
  { first: "002-E10", second: "002-E11", names: ["with batch norm", "without"] },
] as const;

/** A ledger, a page for each report and one for the reports' faults, in Markdown, with their figures, by file name. */
export function replicationPages(materials: readonly ReplicationMaterial[], circumstances: Circumstances): Files {
  const files: Files = {};
  const reports = [...new Set(materials.map(({ published }) => reportOf(published)))];
  const faults = materials.filter(({ published }) => published.fault !== undefined);
  files["README.md"] = ledgerPage(materials, circumstances, reports, faults.length > 0);
  for (const report of reports) {
    const ofReport = materials.filter(({ published }) => reportOf(published) === report);
    files[`report-${report}.md`] = reportPage(report, ofReport, files);
  }
  if (faults.length > 0) files["what-the-reports-got-wrong.md"] = faultsPage(faults, files);
  return files;
}

function reportOf({ id }: Published): string {
  return id.slice(0, 3);
}

const generated = "<!-- Written by `gradus replicate --report`; edits are lost. -->";

function ledgerPage(
  materials: readonly ReplicationMaterial[],
  { seconds, repeats }: Circumstances,
  reports: readonly string[],
  hasFaults: boolean,
): string {
  const entries = materials.map(({ entry }) => entry);
  const computed = entries.reduce((sum, entry) => sum + entry.seconds, 0);
  const runs = materials.flatMap(({ run }) => (run === undefined ? [] : [run]));
  const devices = [...new Set(runs.map(({ device }) => `${device.name} ${device.dtype} (${device.details})`))];
  return page([
    "# Replication",
    "Five reports of a university course on deep learning, experiment by experiment: what they printed, and what the same " +
      "protocol gives here on the same images. Where a report's protocol was faulty there are two lines: " +
      "`as-intended`, the protocol as it should have been, and `as-reported`, what was done.",
    markdownTable(ledgerTable(entries)),
    `${repeats === 1 ? "One repetition" : `${repeats} repetitions`} of each; ${numberText(computed, "seconds")} s of computing` +
      `${seconds < computed / 2 ? "" : `, ${numberText(seconds, "seconds")} s from start to end`}. ` +
      `Computed on ${devices.join("; ") || "no device"}.`,
    [
      ...reports.map((report) => `- [Report ${report}](report-${report}.md)`),
      ...(hasFaults ? ["- [What the reports got wrong](what-the-reports-got-wrong.md)"] : []),
    ].join("\n"),
  ]);
}

function reportPage(report: string, materials: readonly ReplicationMaterial[], files: Files): string {
  const ids = [...new Set(materials.map(({ published }) => published.id))];
  const pairs = sideBySide.flatMap((pair) => pairSection(pair, materials, files));
  return page([
    `# Report ${report}`,
    ...ids.flatMap((id) =>
      experimentSection(
        materials.filter(({ published }) => published.id === id),
        files,
      ),
    ),
    ...(pairs.length === 0 ? [] : ["## Side by side", ...pairs]),
  ]);
}

function experimentSection(variants: readonly ReplicationMaterial[], files: Files): string[] {
  const [{ published }] = variants;
  const { id, title, shows, unstated, fault } = published;
  return [
    `## ${id}: ${markdownText(title)}`,
    `The report: ${markdownText(shows)}`,
    ...variants.flatMap((material) => variantSection(material, files)),
    ...(fault === undefined ? [] : [`**What was wrong.** ${markdownText(fault)}`]),
    ...(unstated.length === 0
      ? []
      : [
          "Left unsaid by the report, and what was taken:",
          unstated.map(({ what, taken }) => `- ${markdownText(what)}: ${markdownText(taken)}`).join("\n"),
        ]),
  ];
}

function variantSection(material: ReplicationMaterial, files: Files): string[] {
  const { published, variant, entry } = material;
  const differs = variant.differs === undefined ? "" : ` (${variant.differs})`;
  return [
    `**${variant.name}**${markdownText(differs)}: **${entry.verdict}**. ${markdownText(sentence(entry.reason))}`,
    markdownTable(tableOf(material)),
    ...(variant.kind === "search" ? [searchFigure(published, material, files)] : []),
    ...(material.run === undefined ? [] : trainingFigures(material, material.run, files)),
  ];
}

function tableOf({ published, variant, entry }: ReplicationMaterial): TextTable {
  switch (variant.kind) {
    case "training":
      return trainingTable(published, variant, entry);
    case "search":
      return searchTable(published, entry);
    case "gradient-check":
      return checkTable(published, variant, entry);
  }
}

function trainingFigures(
  { published, variant, picture }: ReplicationMaterial,
  run: RunDocument,
  files: Files,
): string[] {
  const { series, stepsPerEpoch, spec } = run;
  const name = fileName(published, variant);
  // Without a penalty the cost is the loss.
  const shownMetrics: readonly Metric[] =
    spec.training.lambda === 0 ? ["loss", "accuracy"] : ["loss", "cost", "accuracy"];
  const figures = shownMetrics.map((metric) => {
    const title = `${metric} of ${published.id}, ${variant.name}, against update step`;
    return keep(files, `${name}-${metric}.svg`, title, curves({ series, metric, id: metric, title, stepsPerEpoch }));
  });
  if (picture === undefined) return [figures.join("\n")];
  const nodes = `Weights of the first layer's first nodes of ${published.id}, each scaled to its own range`;
  return [figures.join("\n"), keep(files, `${name}-weights.png`, nodes, picture)];
}

function searchFigure(published: Published, { variant, entry }: ReplicationMaterial, files: Files): string {
  const { rows } = entry.obtained as ObtainedSearch;
  const title = `accuracy of ${published.id}, ${variant.name}, against lambda`;
  const reported = reportedRows(published.reported);
  const figure = accuracyAgainstLambda({
    id: "lambda",
    title,
    bars: "95 % interval",
    groups: [
      {
        part: "validation",
        points: rows.map(({ lambda, validationAccuracy: { mean, low, high } }) => ({
          lambda,
          accuracy: mean,
          low,
          high,
        })),
        ...(reported.length === 0 ? {} : { reported }),
      },
      { part: "train", points: rows.map(({ lambda, trainAccuracy }) => ({ lambda, accuracy: trainAccuracy.mean })) },
    ],
  });
  return keep(files, `${fileName(published, variant)}-lambda.svg`, title, figure);
}

function pairSection(
  { first, second, names }: (typeof sideBySide)[number],
  materials: readonly ReplicationMaterial[],
  files: Files,
): string[] {
  return (["as-intended", "as-reported"] as const).flatMap((name) => {
    const [a, b] = [first, second].map((id) =>
      materials.find(({ published, variant }) => published.id === id && variant.name === name),
    );
    if (a?.run === undefined || b?.run === undefined) return [];
    const title = `training loss of ${first} and ${second}, ${name}: ${names.join(" and ")}`;
    return [compared(title, `${first}-${second}-${name}`.toLowerCase(), [a, b], names, "loss", "train", files)];
  });
}

function faultsPage(materials: readonly ReplicationMaterial[], files: Files): string {
  const ids = [...new Set(materials.map(({ published }) => published.id))];
  return page([
    "# What the reports got wrong",
    "Each fault, the protocol as it should have been beside what was done, and what follows.",
    ...ids.flatMap((id) =>
      faultSection(
        materials.filter(({ published }) => published.id === id),
        files,
      ),
    ),
  ]);
}

function faultSection(variants: readonly ReplicationMaterial[], files: Files): string[] {
  const [{ published }] = variants;
  const { id, title, fault = "" } = published;
  return [
    `## ${id}: ${markdownText(title)}`,
    markdownText(fault),
    variants
      .map(
        ({ variant, entry }) => `- \`${variant.name}\`: **${entry.verdict}**. ${markdownText(sentence(entry.reason))}`,
      )
      .join("\n"),
    ...faultFigure(variants, files),
    `Tables and curves: [report ${reportOf(published)}](report-${reportOf(published)}.md).`,
  ];
}

/** The two protocols' curves in one figure, or their searches' tables in run order. */
function faultFigure(variants: readonly ReplicationMaterial[], files: Files): string[] {
  const [{ published }] = variants;
  const names = variants.map(({ variant }) => variant.name.replace("-", " "));
  const trained = variants.filter(({ run }) => run !== undefined);
  if (trained.length > 1) {
    const hasAccuracy = variants.some(
      ({ variant }) => variant.kind === "training" && variant.numbers.some(({ what }) => what.endsWith("Accuracy")),
    );
    const metric = hasAccuracy ? "accuracy" : "loss";
    const title = `validation ${metric} of ${published.id}: ${names.join(" and ")}`;
    return [compared(title, `${published.id}-fault`.toLowerCase(), trained, names, metric, "validation", files)];
  }
  const searches = variants.filter(({ variant }) => variant.kind === "search");
  if (searches.some(({ variant }) => variant.kind === "search" && variant.carryWeights)) {
    // A search's trials in the order they were run: what carried weights show is a climb.
    const title = `training accuracy of ${published.id} in run order: ${names.join(" and ")}`;
    const figure = comparison({
      id: "order",
      title,
      metric: "accuracy",
      part: "train",
      stepName: "trial, in run order",
      runs: searches.map(({ entry }, index) => ({ name: names[index], series: inRunOrder(entry) })),
    });
    return [keep(files, `${published.id}-fault.svg`.toLowerCase(), title, figure)];
  }
  return searches.map((material) => searchFigure(published, material, files));
}

function inRunOrder({ obtained }: LedgerEntry): RunDocument["series"] {
  return (obtained as ObtainedSearch).rows.map(({ trainAccuracy, validationAccuracy }, index) => {
    const metrics = (accuracy: number) => ({ accuracy, loss: Number.NaN, cost: Number.NaN });
    return {
      step: index + 1,
      learningRate: 0,
      train: metrics(trainAccuracy.mean),
      validation: metrics(validationAccuracy.mean),
    };
  });
}

function compared(
  title: string,
  name: string,
  materials: readonly ReplicationMaterial[],
  names: readonly string[],
  metric: Metric,
  part: Part,
  files: Files,
): string {
  const runs = materials.flatMap(({ run, published, variant }, index) => {
    if (run === undefined) return [];
    const reported = variant.name === "as-reported" ? reportedCurve(published.reported, metric, part, run) : [];
    return [{ name: names[index], series: run.series, ...(reported.length === 0 ? {} : { reported }) }];
  });
  return keep(files, `${name}.svg`, title, comparison({ id: "compared", title, metric, part, runs }));
}

function keep(files: Files, name: string, description: string, content: string | Uint8Array): string {
  files[name] = typeof content === "string" ? `${content}\n` : content;
  return `![${markdownText(description)}](${name})`;
}

function fileName({ id }: Published, { name }: Variant): string {
  return `${id}-${name}`.toLowerCase();
}

/** Lambdas and validation accuracies among what a report printed, however it arranged them. */
function reportedRows(reported: unknown): { lambda: number; accuracy: number }[] {
  const lists = Object.values(isRecord(reported) ? reported : {}).filter((value) => Array.isArray(value));
  return lists.flat().flatMap((row) => {
    const { lambda, validationAccuracy } = isRecord(row) ? row : {};
    return typeof lambda === "number" && typeof validationAccuracy === "number"
      ? [{ lambda, accuracy: validationAccuracy }]
      : [];
  });
}

/** A curve that was read off a report's figure: a list of one value an epoch, or values by their epoch. */
function reportedCurve(reported: unknown, metric: Metric, part: Part, { stepsPerEpoch }: RunDocument) {
  if (metric !== "loss" || !isRecord(reported)) return [];
  const values = reported[part === "train" ? "trainLoss" : "validationLoss"];
  if (typeof values !== "object" || values === null) return [];
  return Object.entries(values).flatMap(([key, value]) => {
    const epoch = Array.isArray(values) ? Number(key) + 1 : Number(key);
    return typeof value === "number" ? [{ step: epoch * stepsPerEpoch, value }] : [];
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function page(blocks: readonly string[]): string {
  return `${[generated, ...blocks].join("\n\n")}\n`;
}

function sentence(text: string): string {
  const first = capitalised(text);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
