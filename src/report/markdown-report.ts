import { markdownTable } from "./markdown-table.ts";
import { markdownListing, markdownText } from "./markdown-text.ts";
import { type OwnWords, wordsPlace } from "./own-words.ts";
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
import { typesetMarkdown } from "./typeset.ts";

/** A document and the files it shows. */
export interface DocumentWithFiles {
  readonly text: string;
  /** The figures by file name, to lie beside the document. */
  readonly files: Readonly<Record<string, string>>;
}

/** The report of a run in GitHub's Markdown, its figures in files of their own. */
export function markdownReport(material: ReportMaterial): DocumentWithFiles {
  return markdownDocument(reportContent(material));
}

/** The same for any report, with what its author has written into an earlier one. */
export function markdownDocument(content: ReportContent, words: OwnWords = new Map()): DocumentWithFiles {
  const { title, kicker, headline, opening, sections } = content;
  const figures = figuresOf(content);
  const write = (block: Block) => markdownBlock(block, words, (figure) => figures.indexOf(figure) + 1);
  const blocks = [
    `# ${line(title)}`,
    line(kicker),
    `> **${line(headline.text)}**`,
    ...opening.map(line),
    ...sections.flatMap((section) => [
      ...(hasContent(section, words) ? [`## ${line(section.heading)}`] : []),
      ...section.blocks.map(write),
    ]),
  ];
  const drawn = figures.map(({ name, draw }) => [`${name}.svg`, `${draw({ id: name })}\n`] as const);
  return { text: `${blocks.join("\n\n")}\n`, files: Object.fromEntries(drawn) };
}

function line(text: string): string {
  return typesetMarkdown(markdownText(text));
}

function markdownBlock(block: Block, words: OwnWords, number: (figure: ReportFigure) => number): string {
  switch (block.kind) {
    case "paragraph":
      return line(block.text);
    case "table":
      return markdownTable(block.table);
    case "data":
      return folded(block.table.caption, block.table);
    case "listing":
      return markdownListing(block.text, block.language);
    case "figure":
      return markdownFigure(block.figure, number(block.figure));
    case "pair":
      return block.figures.map((figure) => markdownFigure(figure, number(figure))).join("\n\n");
    case "words":
      return wordsPlace(block.name, words, "html");
  }
}

function markdownFigure({ name, title, caption, data }: ReportFigure, number: number): string {
  return [
    `![${markdownText(title)}](${name}.svg)`,
    `**Figure ${number}.** ${line(caption)}`,
    ...(data === undefined ? [] : [folded(`Data of figure ${number}`, data)]),
  ].join("\n\n");
}

function folded(summary: string, data: TextTable): string {
  return [`<details>\n<summary>${line(summary)}</summary>`, markdownTable(data), "</details>"].join("\n\n");
}
