import { stringify } from "yaml";
import type { GradientCheck } from "../gradcheck/verdict.ts";
import { numberText, percentText } from "../plot/number-text.ts";
import { specOf } from "../search/check-search.ts";
import type { SearchDocument } from "../search/search-document.ts";
import type { SearchResult } from "../search/search-result.ts";
import { wilsonInterval } from "../stats/wilson.ts";
import { rangeText } from "./accuracy-text.ts";
import { commonSettings } from "./common-settings.ts";
import { gradientSummary } from "./gradient-summary.ts";
import type { Headline } from "./headline.ts";
import {
  type Block,
  figureBlocks,
  paragraph,
  type ReportContent,
  type Section,
  section,
  table,
} from "./report-content.ts";
import { curvesFigure, type ReportFigure } from "./report-figures.ts";
import type { ReportedRun } from "./reported-run.ts";
import { resultsTable } from "./results-table.ts";
import { searchFigures } from "./search-figures.ts";
import { comparisonTable, reportLook, searchSentences, topTable, trialsTable } from "./search-table.ts";
import { settingsLine } from "./settings-line.ts";
import { curseTable, setTable, stagesTable } from "./study-tables.ts";

/** What the report of a search is made of. */
export interface StudyMaterial {
  readonly result: SearchResult;
  /** The run that has seen the test set, where there is one and it is kept. */
  readonly final?: ReportedRun | undefined;
  /** Of networks like those of the search. */
  readonly gradients?: readonly GradientCheck[];
}

/** The report of a search: what was searched, what may be the best, what the best is worth, and the test where it was asked. */
export async function studyContent(study: StudyMaterial): Promise<ReportContent> {
  const { result, gradients = [] } = study;
  const parts = await studyParts(study, "");
  return {
    kicker: "Gradus search",
    title: result.study,
    fullTitle: `Search ${result.study}`,
    headline: headlineOf(result),
    opening: [searchSentences(result, reportLook).join(" ")],
    sections: [
      section("Settings", ...parts.settings),
      section("Introduction", { kind: "words", name: "introduction" }),
      section("The best", ...parts.best),
      section("What may be the best", ...parts.set),
      section("Figures", ...parts.figures),
      ...(parts.final.length === 0 ? [] : [section("Final result", ...parts.final)]),
      section("Discussion", { kind: "words", name: "discussion" }),
      ...(gradients.length === 0 ? [] : [section("Gradient check", table(gradientSummary(gradients)))]),
      section("Reproduce", ...parts.reproduction),
    ],
  };
}

/** The same as a part of another report; `prefix` begins the names of its figures. */
export async function studySection(study: StudyMaterial, prefix: string): Promise<Section> {
  const { settings, best, set, final, figures, reproduction } = await studyParts(study, prefix);
  const sentences = paragraph(searchSentences(study.result, reportLook).join(" "));
  const words: Block = { kind: "words", name: `search-${study.result.study.replace(/[^\w-]+/g, "-")}` };
  const blocks = [sentences, ...settings, ...best, ...set, ...figures, words, ...final, ...reproduction];
  return section(`Search ${study.result.study}`, ...blocks);
}

async function studyParts({ result, final }: StudyMaterial, prefix: string) {
  const { document, stages, order } = result;
  const trials = stages.flatMap((stage) => stage.trials);
  const curse = curseTable(result);
  const compared = comparisonTable(result);
  const figures = searchFigures(result, reportLook).map((figure) => ({
    ...figure,
    name: `${prefix}search-${figure.name.replace(/[^A-Za-z0-9-]+/g, "-")}`,
  }));
  return {
    settings: [
      table(stagesTable(result)),
      table(
        commonSettings(
          specOf(document.spec, trials[order[0] ?? 0]?.setting ?? {}),
          (path) => varies(document, path),
          searchSettings(document),
        ),
      ),
    ],
    best: [
      ...[...stages.keys()].map((stage) => table(topTable(result, stage, reportLook))),
      ...(compared === undefined ? [] : [table(compared)]),
    ],
    set: [
      table(setTable(result)),
      ...(curse === undefined ? [] : [table(curse)]),
      { kind: "data", table: trialsTable(result, trials, reportLook) },
    ] as readonly Block[],
    final: final === undefined ? [] : await finalBlocks(result, final, prefix),
    figures: figureBlocks(figures),
    reproduction: [
      paragraph(`Save this search as ${document.name}.yaml; it is complete, every default filled in:`),
      { kind: "listing", name: "search", language: "yaml", text: stringify(document) },
      paragraph("Then search, and ask the test set once:"),
      {
        kind: "listing",
        name: "commands",
        language: "sh",
        text: `gradus search ${document.name}.yaml\ngradus search --final ${document.name}`,
      },
    ] as readonly Block[],
  };
}

/** A varied path, all inside it, and what holds it. */
function varies({ vary }: SearchDocument, path: string): boolean {
  return Object.keys(vary).some((varied) => path === varied || path.startsWith(`${varied}.`));
}

function searchSettings({ seeds, folds, pruner, objectives, seed }: SearchDocument): [string, string][] {
  return [
    ["seeds of each setting", String(seeds)],
    ...(folds === undefined ? [] : [["parts of the cross-validation", String(folds)] satisfies [string, string]]),
    ...(pruner.kind === "none" ? [] : [["pruner", pruner.kind] satisfies [string, string]]),
    ...(objectives.length > 1 ? [["objectives", objectives.join(", ")] satisfies [string, string]] : []),
    ["seed of the sampler", String(seed)],
  ];
}

async function finalBlocks(
  { final }: SearchResult,
  { document, rates, pictures }: ReportedRun,
  prefix: string,
): Promise<readonly Block[]> {
  if (final === null) return [];
  const curves = curvesFigure(document, { rates, name: `${prefix}final-curves` });
  const figures: readonly ReportFigure[] = await pictures(`${prefix}final-`);
  return [
    paragraph(
      `Trial ${final.trial}, trained for good; the test images were asked this once. ${settingsLine(document.spec)}.`,
    ),
    table({ ...resultsTable(document), explanations: [] }),
    ...(curves === undefined ? [] : [{ kind: "figure", figure: curves } as const]),
    ...figureBlocks(figures),
  ];
}

/** The test where it was asked; else the best, and how many may be it. */
function headlineOf({ final, expected, indistinguishable, order }: SearchResult): Headline {
  const set = indistinguishable.trials;
  const best =
    set.length === 1 ? `Trial ${set[0]} is the best.` : `${set.length} of ${order.length} trials may be the best.`;
  const result =
    final !== null
      ? `Test accuracy ${percentText(final.testAccuracy)} (95 % interval ${rangeText(...wilsonInterval(final.testAccuracy, final.testImages))}, ${numberText(final.testImages, "count")} images, asked once).`
      : expected === undefined
        ? ""
        : `The best reached ${percentText(expected.measured)} on the validation images; on fresh ones expect ${percentText(expected.expected)}.`;
  return { text: `${result} ${best}`.trim().replace(/(\d) (%)/g, "$1\u00a0$2"), tone: "plain" };
}
