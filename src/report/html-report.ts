import { curves } from "../plot/curves.ts";
import { element, escapeMarkup } from "../plot/markup.ts";
import { htmlTable } from "./html-table.ts";
import { page } from "./page.ts";
import { type Block, type ReportMaterial, reportContent } from "./report-content.ts";
import type { ReportFigure } from "./report-figures.ts";

export type { ReportMaterial } from "./report-content.ts";

/** One self-contained HTML file: nothing to load, no script, everything that came from a file escaped. */
export function htmlReport(material: ReportMaterial): string {
  const { kicker, title, fullTitle, headline, opening, sections } = reportContent(material);
  return page(fullTitle, [
    element("p", { class: "kicker" }, escapeMarkup(kicker)),
    element("h1", {}, escapeMarkup(title)),
    element("p", { class: `headline ${headline.tone}` }, escapeMarkup(headline.text)),
    ...opening.map((text) => element("p", {}, escapeMarkup(text))),
    ...sections.map(({ heading, blocks }) =>
      element("section", {}, element("h2", {}, escapeMarkup(heading)), ...blocks.map(htmlBlock)),
    ),
  ]);
}

function htmlBlock(block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return element("p", {}, escapeMarkup(block.text));
    case "table":
      return htmlTable(block.table);
    case "figure":
      return htmlFigure(block.figure);
    case "listing":
      return element("pre", { tabindex: "0", "aria-label": block.name }, escapeMarkup(block.text));
  }
}

function htmlFigure({ number, curves: figure, caption, data }: ReportFigure): string {
  const { metric } = figure;
  return element(
    "figure",
    {},
    // One picture laid out for wide pages and paper, one for phones; the style sheet shows one of them.
    element("div", { class: "wide" }, curves({ ...figure, id: `${metric}-wide` })),
    element("div", { class: "narrow" }, curves({ ...figure, id: `${metric}-narrow`, width: 360 })),
    element("figcaption", {}, `<b>Figure ${number}.</b> ${escapeMarkup(caption)}`),
    element("details", {}, element("summary", {}, `Data of figure ${number}`), htmlTable(data)),
  );
}
