import { stringify } from "yaml";
import type { GradientCheck } from "../gradcheck/verdict.ts";
import { numberText, percentText } from "../plot/number-text.ts";
import { rangeText } from "./accuracy-text.ts";
import { capitalised } from "./capitalised.ts";
import { commonSettings } from "./common-settings.ts";
import { gradientSummary } from "./gradient-summary.ts";
import { overlaidFigure } from "./group-curves.ts";
import { groupName, isTelling, letter } from "./group-names.ts";
import type { Headline } from "./headline.ts";
import { learningFigure, learningTable } from "./learning-start.ts";
import { figureBlocks, paragraph, type ReportContent, type Section, section, table } from "./report-content.ts";
import { curvesFigure } from "./report-figures.ts";
import type { ReportedRun } from "./reported-run.ts";
import { resultsTable } from "./results-table.ts";
import { circumstances, noticeText } from "./run-notes.ts";
import { comparedTable } from "./runs-compared.ts";
import { accuracyOf, type SeedGroup, seedGroups } from "./seed-groups.ts";
import { settingName, settingValue } from "./setting-names.ts";
import { settingsLine } from "./settings-line.ts";
import { type StudyMaterial, studySection } from "./study-content.ts";
import type { TextTable } from "./text-table.ts";

/** What a report of several runs is made of. */
export interface RunsMaterial {
  readonly title: string;
  readonly author?: string | undefined;
  readonly runs: readonly ReportedRun[];
  /** One an architecture. */
  readonly gradients: readonly GradientCheck[];
  /** Searches that stand beside them. */
  readonly studies?: readonly StudyMaterial[];
}

/** The report of several runs: those that differ only in their seed are one sample. */
export async function runsContent({
  title,
  author,
  runs,
  gradients,
  studies = [],
}: RunsMaterial): Promise<ReportContent> {
  const groups = seedGroups(runs.map(({ run }) => run));
  const figures = (["accuracy", "loss"] as const).flatMap((metric) => overlaidFigure(groups, metric) ?? []);
  const sections: Section[] = [
    ...(groups.length === 0 ? [] : [section("Settings", table(differingTable(groups)), table(commonTable(groups[0])))]),
    section("Introduction", { kind: "words", name: "introduction" }),
    ...(groups.length === 0
      ? []
      : [
          section("Comparison", table(comparedTable(groups)), ...figureBlocks(figures), {
            kind: "words",
            name: "comparison",
          }),
        ]),
    ...learningSections(groups),
    ...(gradients.length === 0 ? [] : [section("Gradient check", table(gradientSummary(gradients)))]),
  ];
  for (const [index, group] of groups.entries()) {
    const reported = runs.find(({ run }) => run === group.sample[0]);
    if (reported !== undefined) sections.push(await groupSection(group, index, reported, groups.length === 1));
  }
  for (const [index, study] of studies.entries()) sections.push(await studySection(study, `s${index + 1}-`));
  sections.push(
    section("Discussion", { kind: "words", name: "discussion" }),
    ...(groups.length === 0
      ? []
      : [section("Computation", table(computationTable(runs))), section("Reproduce", ...reproduction(groups))]),
  );
  return {
    kicker: author ?? "Gradus report",
    title,
    fullTitle: title,
    headline: groups.length === 0 ? { text: `${studies.length} searches.`, tone: "plain" } : headlineOf(groups),
    opening: [],
    sections,
  };
}

/** Of runs that begin from different weights. */
function learningSections(groups: readonly SeedGroup[]): Section[] {
  const paths = [...(groups[0]?.settings.keys() ?? [])];
  if (!paths.some((path) => path.startsWith("network.initialise."))) return [];
  const figure = learningFigure(groups);
  return [section("Where learning starts", table(learningTable(groups)), ...figureBlocks(figure ? [figure] : []))];
}

async function groupSection(
  group: SeedGroup,
  index: number,
  { document, rates, pictures }: ReportedRun,
  alone: boolean,
): Promise<Section> {
  const prefix = `${letter(index).toLowerCase()}-`;
  const seeds = group.sample.map(({ spec }) => spec.seed);
  const curves = curvesFigure(document, { rates, name: `${prefix}curves` });
  const ofOne = seeds.length > 1 ? ` The figures and the table are of seed ${seeds[0]}.` : "";
  return section(
    alone ? document.spec.name : groupName(group, index),
    paragraph(`${settingsLine(document.spec, seeds)}.${ofOne}`),
    ...circumstances(document).map(paragraph),
    ...(document.notices ?? []).map((notice) => paragraph(noticeText(notice))),
    table({ ...resultsTable(document), explanations: [] }),
    ...(curves === undefined ? [] : [{ kind: "figure", figure: curves } as const]),
    ...figureBlocks(await pictures(prefix)),
    { kind: "words", name: letter(index).toLowerCase() },
  );
}

/** The best by its validation images, which chose it, and what it came to on the test images. */
function headlineOf(groups: readonly SeedGroup[]): Headline {
  const measured = groups.flatMap((group, index) => {
    const [chosen, test] = [accuracyOf(group, "validation"), accuracyOf(group, "test")];
    return chosen === undefined ? [] : [{ index, group, chosen, test }];
  });
  if (measured.length === 0) return { text: "No run has been measured.", tone: "plain" };
  const best = measured.reduce((a, b) => (b.chosen.mean > a.chosen.mean ? b : a));
  const { mean, low, high, n } = best.test ?? best.chosen;
  const interval =
    low === undefined || high === undefined
      ? ""
      : ` (95 % interval ${rangeText(low, high)}, ${n} ${n === 1 ? "seed" : "seeds"})`;
  const result = `${best.test === undefined ? "validation" : "test"} accuracy ${percentText(mean)}${interval}`;
  const text =
    groups.length === 1
      ? `${capitalised(result)}.`
      : `Best on the validation images: ${groupName(best.group, best.index)}, with ${result}.`;
  return { text: text.replace(/(\d) (%)/g, "$1\u00a0$2"), tone: "plain" };
}

function differingTable(groups: readonly SeedGroup[]): TextTable {
  const all = [...(groups[0]?.settings.keys() ?? [])];
  const paths = all.filter((path) => groups.every((group) => isTelling(path, group)));
  const ownData = paths.some((path) => path.startsWith("data ") || path.startsWith("data."));
  return {
    caption: paths.length === 0 ? "The runs differ in nothing but their seed" : "What differs",
    columns: [
      { header: "", kind: "text" },
      ...paths.map((path) => ({ header: settingName(path), kind: "text" }) as const),
      { header: "seeds", kind: "text" },
    ],
    groups: [
      {
        rows: groups.map(({ settings, sample }, index) => ({
          cells: [
            letter(index),
            ...paths.map((path) => settingValue(path, settings.get(path))),
            sample.map(({ spec }) => spec.seed).join(", "),
          ],
        })),
      },
    ],
    notes: ownData
      ? ["These runs were not all trained or measured on the same data: their accuracies are of different images."]
      : [],
    explanations: [],
  };
}

function commonTable({ settings, sample }: SeedGroup): TextTable {
  return commonSettings(sample[0].spec, (path) => settings.has(path));
}

function computationTable(runs: readonly ReportedRun[]): TextTable {
  const versions = [
    ...new Set(
      runs.map(({ document }) => `Gradus ${document.versions.gradus ?? ""} on Node ${document.versions.node ?? ""}`),
    ),
  ];
  return {
    caption: "How it was computed",
    columns: [
      { header: "run", kind: "text" },
      { header: "seed", kind: "number" },
      { header: "updates", kind: "number" },
      { header: "seconds", kind: "number" },
      { header: "device", kind: "text" },
      { header: "SHA-256 of the weights", kind: "text" },
    ],
    groups: [
      {
        rows: runs.map(({ document: { run, spec, steps, seconds, device, weightsSha256 } }) => ({
          cells: [
            run,
            String(spec.seed),
            numberText(steps, "count"),
            numberText(seconds, "seconds"),
            `${device.name}, ${device.dtype}`,
            weightsSha256.slice(0, 12),
          ],
        })),
      },
    ],
    notes: versions.map((text) => `${text}.`),
    explanations: [],
  };
}

function reproduction(groups: readonly SeedGroup[]): Section["blocks"] {
  const [{ sample, settings }] = groups;
  const commands = groups.map((group, index) => {
    const changed = [...group.settings].filter(
      ([path, value]) =>
        index > 0 && JSON.stringify(value) !== JSON.stringify(settings.get(path)) && !path.includes(" "),
    );
    const sets = changed.map(([path, value]) => `--set '${path}=${value === undefined ? "" : JSON.stringify(value)}'`);
    const seeds = `--seeds ${group.sample.map(({ spec }) => spec.seed).join(",")}`;
    return commandLine(["gradus train run.yaml", ...sets, seeds]);
  });
  return [
    paragraph(`Save this specification of ${letter(0)} as run.yaml; it is complete, every default filled in:`),
    { kind: "listing", name: "specification", language: "yaml", text: stringify(sample[0].spec) },
    paragraph("Then train:"),
    { kind: "listing", name: "commands", language: "sh", text: commands.join("\n") },
  ];
}

/** Characters of a line on paper. */
const longest = 90;

/** A command in lines that the shell takes together. */
function commandLine(parts: readonly string[]): string {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last === undefined || last.length + part.length > longest) lines.push(lines.length === 0 ? part : `  ${part}`);
    else lines[lines.length - 1] = `${last} ${part}`;
  }
  return lines.join(" \\\n");
}
