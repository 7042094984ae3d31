import { figurePdf } from "../plot/figure-pdf.ts";
import { latexTable } from "./latex-table.ts";
import { latexText, verbatimText } from "./latex-text.ts";
import { listingColumns } from "./listing-columns.ts";
import type { DocumentWithFiles } from "./markdown-report.ts";
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
import { typesetLatex } from "./typeset.ts";

/** The report of a run as a LaTeX document for pdflatex, its figures in PDF files of their own; all of it ASCII. */
export function latexReport(material: ReportMaterial): DocumentWithFiles {
  return latexDocument(reportContent(material), new Map(), material.run.startedAt.slice(0, 10));
}

/** The same for any report, with what its author has written into an earlier one. */
export function latexDocument(content: ReportContent, words: OwnWords, day: string): DocumentWithFiles {
  const { title, kicker, headline, opening, sections } = content;
  const figures = figuresOf(content);
  const names = figures.map(({ name }) => `${name}.pdf`);
  const body = [
    [
      "\\begin{center}",
      `{\\LARGE ${line(title)}\\par}\\smallskip`,
      `${line(kicker)}\\par`,
      ...(day === "" ? [] : [`${line(day)}\\par`]),
      `\\medskip\\textbf{${line(headline.text)}}`,
      "\\end{center}",
    ].join("\n"),
    ...opening.map(line),
    ...sections.flatMap((section) => {
      const label = (index: number) => `tab:${labelOf(section.heading)}${index === 0 ? "" : `-${index}`}`;
      return [
        ...(hasContent(section, words) ? [`\\section{${line(section.heading)}}`] : []),
        ...section.blocks.flatMap((block, index) =>
          block.kind === "data" ? [] : [latexBlock(block, label(index), words)],
        ),
      ];
    }),
  ];
  return {
    text: `${preamble(names)}\n\\begin{document}\n\n${body.join("\n\n")}\n\n\\end{document}\n`,
    files: Object.fromEntries(figures.map((figure, index) => [names[index], figurePdf(figure.draw(layoutOf(figure)))])),
  };
}

/** Of half a page laid out for it, so that its text is as large as the others'. */
function layoutOf({ name, isNarrow }: ReportFigure): { readonly id: string; readonly width?: number } {
  return isNarrow ? { id: name, width: 400 } : { id: name };
}

function line(text: string): string {
  return typesetLatex(latexText(text));
}

function preamble(files: readonly string[]): string {
  const beside = files.length === 0 ? "" : `, with ${files.join(", ")} beside it`;
  return `% To compile, run pdflatex on this file twice${beside}.
\\documentclass[a4paper,10pt]{article}
\\usepackage[T1]{fontenc}
\\usepackage[utf8]{inputenc}
\\usepackage{textcomp}
\\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}
\\usepackage[a4paper,hmargin=20mm,vmargin=16mm]{geometry}
\\usepackage{array,booktabs,longtable}
\\usepackage{graphicx}
\\usepackage{float}
\\usepackage{multicol}
% Figures where the text has them; one that does not fit there goes to the head of the next page, and the text goes on.
\\renewcommand{\\topfraction}{0.95}
\\renewcommand{\\bottomfraction}{0.9}
\\renewcommand{\\textfraction}{0.05}
\\renewcommand{\\floatpagefraction}{0.8}
\\setcounter{topnumber}{4}
\\setcounter{bottomnumber}{3}
\\setcounter{totalnumber}{6}
\\setlength{\\tabcolsep}{4pt}
\\setlength{\\abovecaptionskip}{3pt}
\\setlength{\\belowcaptionskip}{4pt}
\\setlength{\\intextsep}{7pt}
\\setlength{\\floatsep}{7pt}
\\setlength{\\textfloatsep}{9pt}
\\setlength{\\multicolsep}{2pt}
\\setlength{\\topsep}{3pt}
\\setlength{\\parskip}{0pt}
\\emergencystretch=2em`;
}

function latexBlock(block: Exclude<Block, { kind: "data" }>, label: string, words: OwnWords): string {
  switch (block.kind) {
    case "paragraph":
      return line(block.text);
    case "table":
      return latexTable(block.table, label);
    case "listing":
      return latexListing(verbatimText(block.text.trimEnd()));
    case "figure":
      return latexFigure([block.figure], block.figure.isNarrow ? "0.44\\linewidth" : "0.8\\linewidth");
    case "pair":
      return latexFigure(block.figures, "\\linewidth");
    case "words":
      return wordsPlace(block.name, words, "latex");
  }
}

/** Figures side by side, each above its caption, where the text has them. */
function latexFigure(figures: readonly ReportFigure[], width: string): string {
  const columns = figures.map(({ name, caption }) => {
    const size = `width=${width},height=47mm,keepaspectratio`;
    const lines = [`\\includegraphics[${size}]{${name}.pdf}`, `\\caption{${line(caption)}}\\label{fig:${name}}`];
    return figures.length === 1
      ? lines
      : ["\\begin{minipage}[t]{0.47\\linewidth}\\vspace{0pt}\\centering", ...lines, "\\end{minipage}"];
  });
  return [
    "\\begin{figure}[!htbp]",
    "\\centering\\footnotesize",
    columns.map((column) => column.join("\n")).join("\\hfill\n"),
    "\\end{figure}",
  ].join("\n");
}

function latexListing(text: string): string {
  const columns = listingColumns(text);
  const listing = `\\begin{verbatim}\n${text}\n\\end{verbatim}`;
  const set = columns === 1 ? listing : `\\begin{multicols}{${columns}}\n${listing}\n\\end{multicols}`;
  return `{\\scriptsize\n${set}\n}`;
}

/** `What the report leaves unstated` as `what-the-report-leaves-unstated`. */
function labelOf(heading: string): string {
  return heading.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}
