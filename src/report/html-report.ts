import { element, escapeMarkup } from "../plot/markup.ts";
import { htmlTable } from "./html-table.ts";
import { type OwnWords, wordsPlace } from "./own-words.ts";
import { page } from "./page.ts";
import {
  type Block,
  figuresOf,
  hasContent,
  type ReportContent,
  type ReportMaterial,
  reportContent,
} from "./report-content.ts";
import type { ReportFigure } from "./report-figures.ts";
import type { TextTable } from "./text-table.ts";
import { typesetHtml } from "./typeset.ts";

export type { ReportMaterial } from "./report-content.ts";

/** One self-contained HTML file: nothing to load, no script, everything that came from a file escaped. */
export function htmlReport(material: ReportMaterial): string {
  return htmlDocument(reportContent(material));
}

/** The same for any report, with what its author has written into an earlier one. */
export function htmlDocument(content: ReportContent, words: OwnWords = new Map()): string {
  const { kicker, title, fullTitle, headline, opening, sections } = content;
  const figures = figuresOf(content);
  const write = (block: Block) => htmlBlock(block, words, (figure) => figures.indexOf(figure) + 1);
  return page(fullTitle, [
    element("p", { class: "kicker" }, typesetHtml(escapeMarkup(kicker))),
    element("h1", {}, typesetHtml(escapeMarkup(title))),
    element("p", { class: `headline ${headline.tone}` }, typesetHtml(escapeMarkup(headline.text))),
    ...opening.map(htmlParagraph),
    ...sections.map((section) => {
      const content = section.blocks.map(write);
      if (!hasContent(section, words)) return content.join("\n");
      return element("section", {}, element("h2", {}, typesetHtml(escapeMarkup(section.heading))), ...content);
    }),
  ]);
}

function htmlBlock(block: Block, words: OwnWords, number: (figure: ReportFigure) => number): string {
  switch (block.kind) {
    case "paragraph":
      return htmlParagraph(block.text);
    case "table":
      return htmlTable(block.table);
    case "data":
      return folded(block.table.caption, block.table);
    case "figure":
      return htmlFigure(block.figure, number(block.figure));
    case "pair":
      return element("div", { class: "pair" }, ...block.figures.map((figure) => htmlFigure(figure, number(figure))));
    case "listing":
      return element("pre", { tabindex: "0", "aria-label": block.name }, escapeMarkup(block.text));
    case "words":
      return wordsPlace(block.name, words, "html");
  }
}

function htmlParagraph(text: string): string {
  return element("p", {}, typesetHtml(escapeMarkup(text)));
}

function htmlFigure({ name, draw, caption, data, isNarrow }: ReportFigure, number: number): string {
  return element(
    "figure",
    {},
    // One picture laid out for wide pages and paper, one for phones; the style sheet shows one of them.
    ...(isNarrow
      ? [draw({ id: name, width: 400 })]
      : [
          element("div", { class: "wide" }, draw({ id: `${name}-wide` })),
          element("div", { class: "narrow" }, draw({ id: `${name}-narrow`, width: 360 })),
        ]),
    element("figcaption", {}, `<b>Figure ${number}.</b> ${typesetHtml(escapeMarkup(caption))}`),
    data === undefined ? "" : folded(`Data of figure ${number}`, data),
  );
}

function folded(summary: string, data: TextTable): string {
  return element("details", {}, element("summary", {}, typesetHtml(escapeMarkup(summary))), htmlTable(data));
}
