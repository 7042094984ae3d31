import { element, escapeMarkup } from "../plot/markup.ts";
import type { SearchResult } from "../search/search-result.ts";
import { htmlTable } from "./html-table.ts";
import { page } from "./page.ts";
import { searchFigures } from "./search-figures.ts";
import { searchSentences, topTable, trialsTable } from "./search-table.ts";

/** A search as one self-contained HTML file: what its trials say, the best of each stage, figures, and all trials. */
export function searchReport(result: SearchResult): string {
  const { study, stages } = result;
  const trials = trialsTable(
    result,
    stages.flatMap((stage) => stage.trials),
  );
  const figures = searchFigures(result).map(({ name, caption, svg }, index) =>
    element(
      "figure",
      {},
      element("div", { class: "wide" }, svg(`${idOf(name)}-wide`)),
      element("div", { class: "narrow" }, svg(`${idOf(name)}-narrow`, 360)),
      element("figcaption", {}, `<b>Figure ${index + 1}.</b> ${escapeMarkup(caption)}`),
      element("details", {}, element("summary", {}, `Data of figure ${index + 1}`), htmlTable(trials)),
    ),
  );
  return page(`Search ${study}`, [
    element("p", { class: "kicker" }, "Gradus search"),
    element("h1", {}, escapeMarkup(study)),
    ...searchSentences(result).map((sentence) => element("p", {}, escapeMarkup(sentence))),
    section(
      "The best",
      [...stages.keys()].map((stage) => htmlTable(topTable(result, stage))),
    ),
    section("Figures", figures),
    section("All trials", [htmlTable(trials)]),
  ]);
}

function section(heading: string, parts: readonly string[]): string {
  return element("section", {}, element("h2", {}, heading), ...parts);
}

function idOf(name: string): string {
  return name.replace(/[^A-Za-z0-9-]+/g, "-");
}
