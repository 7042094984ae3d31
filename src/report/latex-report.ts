import { curves } from "../plot/curves.ts";
import { figurePdf } from "../plot/figure-pdf.ts";
import { latexTable } from "./latex-table.ts";
import { latexText, verbatimText } from "./latex-text.ts";
import { type Block, figuresOf, type ReportMaterial, reportContent } from "./report-content.ts";

/** A document and the files it shows. */
interface LatexReport {
  readonly text: string;
  /** PDF by file name, to lie beside the document; all of it ASCII. */
  readonly files: Readonly<Record<string, string>>;
}

/** The report of a run as a LaTeX document for pdflatex, its figures in files of their own. */
export function latexReport(material: ReportMaterial): LatexReport {
  const content = reportContent(material);
  const { title, kicker, headline, opening, sections } = content;
  const figures = figuresOf(content);
  const names = figures.map(({ curves: { metric } }) => `${metric}.pdf`);
  const day = material.run.startedAt.slice(0, 10);
  const body = [
    `\\title{${latexText(title)}}\n\\author{${latexText(kicker)}}\n\\date{${latexText(day)}}`,
    "\\maketitle",
    `\\begin{quote}\n\\textbf{${latexText(headline.text)}}\n\\end{quote}`,
    ...opening.map(latexText),
    ...sections.flatMap(({ heading, blocks }) => [
      `\\section{${latexText(heading)}}`,
      ...blocks.map((block) => latexBlock(block, `tab:${labelOf(heading)}`)),
    ]),
    "\\clearpage\n\\appendix\n\\section{Data of the figures}",
    ...figures.map(({ curves: { metric }, data }) => latexTable(data, `tab:data-${metric}`)),
  ];
  return {
    text: `${preamble(names)}\n\\begin{document}\n\n${body.join("\n\n")}\n\n\\end{document}\n`,
    files: Object.fromEntries(
      figures.map(({ curves: figure }, index) => [names[index], figurePdf(curves({ ...figure, id: figure.metric }))]),
    ),
  };
}

function preamble(files: readonly string[]): string {
  return `% To compile, run pdflatex on this file twice, with ${files.join(", ")} beside it.
\\documentclass[a4paper,11pt]{article}
\\usepackage[T1]{fontenc}
\\usepackage[utf8]{inputenc}
\\usepackage{textcomp}
\\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}
\\usepackage[margin=25mm]{geometry}
\\usepackage{array,booktabs,longtable}
\\usepackage{graphicx}
\\setlength{\\tabcolsep}{4pt}
\\setlength{\\abovecaptionskip}{4pt}
\\setlength{\\belowcaptionskip}{6pt}`;
}

function latexBlock(block: Block, label: string): string {
  switch (block.kind) {
    case "paragraph":
      return latexText(block.text);
    case "table":
      return latexTable(block.table, label);
    case "listing":
      return `{\\small\n\\begin{verbatim}\n${verbatimText(block.text.trimEnd())}\n\\end{verbatim}\n}`;
    case "figure": {
      const { curves: figure, caption } = block.figure;
      return [
        "\\begin{figure}[htbp]",
        "\\centering",
        `\\includegraphics[width=\\linewidth]{${figure.metric}.pdf}`,
        `\\caption{${latexText(caption)}}\\label{fig:${figure.metric}}`,
        "\\end{figure}",
      ].join("\n");
    }
  }
}

/** `What the report leaves unstated` as `what-the-report-leaves-unstated`. */
function labelOf(heading: string): string {
  return heading.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}
