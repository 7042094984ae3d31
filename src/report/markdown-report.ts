import { curves } from "../plot/curves.ts";
import { markdownTable } from "./markdown-table.ts";
import { markdownListing, markdownText } from "./markdown-text.ts";
import { type Block, figuresOf, type ReportMaterial, reportContent } from "./report-content.ts";

/** A document and the files it shows. */
interface MarkdownReport {
  readonly text: string;
  /** SVG by file name, to lie beside the document. */
  readonly files: Readonly<Record<string, string>>;
}

/** The report of a run in GitHub's Markdown, its figures in files of their own. */
export function markdownReport(material: ReportMaterial): MarkdownReport {
  const content = reportContent(material);
  const { title, kicker, headline, opening, sections } = content;
  const blocks = [
    `# ${markdownText(title)}`,
    markdownText(kicker),
    `> **${markdownText(headline.text)}**`,
    ...opening.map(markdownText),
    ...sections.flatMap(({ heading, blocks }) => [`## ${markdownText(heading)}`, ...blocks.map(markdownBlock)]),
  ];
  const drawn = figuresOf(content).map(({ curves: figure }) => {
    const { metric } = figure;
    return [`${metric}.svg`, `${curves({ ...figure, id: metric })}\n`] as const;
  });
  return { text: `${blocks.join("\n\n")}\n`, files: Object.fromEntries(drawn) };
}

function markdownBlock(block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return markdownText(block.text);
    case "table":
      return markdownTable(block.table);
    case "listing":
      return markdownListing(block.text, block.language);
    case "figure": {
      const { number, curves: figure, caption, data } = block.figure;
      return [
        `![${markdownText(figure.title)}](${figure.metric}.svg)`,
        `**Figure ${number}.** ${markdownText(caption)}`,
        `<details>\n<summary>Data of figure ${number}</summary>`,
        markdownTable(data),
        "</details>",
      ].join("\n\n");
    }
  }
}
