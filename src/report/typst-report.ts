import { listingColumns } from "./listing-columns.ts";
import type { DocumentWithFiles } from "./markdown-report.ts";
import { type OwnWords, wordsPlace } from "./own-words.ts";
import { type Block, figuresOf, hasContent, type ReportContent } from "./report-content.ts";
import type { ReportFigure } from "./report-figures.ts";
import { typstTable } from "./typst-table.ts";
import { typstString, typstText } from "./typst-text.ts";

/** A report as a Typst document (0.13 or later), its figures in SVG files of their own: what a PDF is made from. */
export function typstDocument(content: ReportContent, words: OwnWords, day: string): DocumentWithFiles {
  const { title, fullTitle, kicker, headline, opening, sections } = content;
  const body = [
    preamble(fullTitle, kicker),
    `#align(center)[#text(size: 17pt)[${typstText(title)}]\n\n${typstText(kicker)}\n\n${typstText(day)}]`,
    `#block(stroke: (left: 2pt + gray), inset: (left: 8pt, y: 4pt))[*${typstText(headline.text)}*]`,
    ...opening.map(typstText),
    ...sections.flatMap((section) => [
      ...(hasContent(section, words) ? [`= ${typstText(section.heading)}`] : []),
      ...section.blocks.flatMap((block) => typstBlock(block, words)),
    ]),
  ];
  const files = figuresOf(content).map((figure) => [`${figure.name}.svg`, `${drawn(figure)}\n`] as const);
  return { text: `${body.join("\n\n")}\n`, files: Object.fromEntries(files) };
}

/** The look of it: what a course hands out, on A4. */
function preamble(title: string, author: string): string {
  return `// A report by Gradus. \`gradus report --format pdf\` makes the PDF of it, and so does \`typst compile\` on this file.
#set document(title: ${typstString(title)}, author: ${typstString(author)})
#set page(paper: "a4", margin: (x: 20mm, y: 16mm), numbering: "1")
#set text(font: ("Libertinus Serif", "New Computer Modern"), size: 10pt, lang: "en")
#set par(justify: true, leading: 0.58em)
#set heading(numbering: "1")
#show heading: set block(above: 1.3em, below: 0.7em)
#show figure: set block(above: 1.1em, below: 1.1em)
#show figure.where(kind: table): set figure.caption(position: top)
#show figure.caption: set text(size: 8.5pt)
#show figure.caption: set par(justify: false)
#show table: set text(size: 9pt)
#show table: set par(justify: false)
#show raw: set text(size: 7pt)
#let note(body) = block(above: 0.5em, below: 0.8em, text(size: 8pt, fill: luma(30%), body))`;
}

function typstBlock(block: Block, words: OwnWords): readonly string[] {
  switch (block.kind) {
    case "paragraph":
      return [typstText(block.text)];
    case "table":
      return [typstTable(block.table)];
    case "data":
      return [];
    case "figure":
      return [`#${typstFigure(block.figure, block.figure.isNarrow ? 80 : 140)}`];
    case "pair": {
      const figures = block.figures.map((figure) => `  ${typstFigure(figure, 80)},`);
      return [["#grid(columns: (1fr, 1fr), column-gutter: 14pt,", ...figures, ")"].join("\n")];
    }
    case "listing":
      return [typstListing(block.text.trimEnd(), block.language)];
    case "words":
      return [wordsPlace(block.name, words, "typst")];
  }
}

/** Millimetres. */
const tallest = 49;

/** A figure in so many millimetres, or fewer where it would be too tall. */
function typstFigure(figure: ReportFigure, room: number): string {
  const { name, title, caption } = figure;
  const [, across = "1", down = "1"] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(drawn(figure)) ?? [];
  const width = Math.min(room, (tallest * Number(across)) / Number(down)).toFixed(1);
  const image = `image(${typstString(`${name}.svg`)}, width: ${width}mm, alt: ${typstString(title)})`;
  return `figure(${image}, caption: [${typstText(caption)}])`;
}

/** Of half a page laid out for it, so that its text is as large as the others'. */
function drawn({ name, isNarrow, draw }: ReportFigure): string {
  return draw(isNarrow ? { id: name, width: 400 } : { id: name });
}

function typstListing(text: string, language: string): string {
  const columns = listingColumns(text);
  const lines = text.split("\n");
  const height = Math.ceil(lines.length / columns);
  const parts = Array.from({ length: columns }, (_, at) => lines.slice(at * height, (at + 1) * height));
  const raws = parts.map((part) => `raw(block: true, lang: "${language}", ${typstString(part.join("\n"))})`);
  return columns === 1
    ? `#${raws[0]}`
    : `#block(breakable: false, grid(columns: (${"1fr, ".repeat(columns)}), ${raws.join(", ")}))`;
}
