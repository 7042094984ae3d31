import { breakableLatex, latexText } from "./latex-text.ts";
import type { TextTable } from "./text-table.ts";
import { typesetLatex } from "./typeset.ts";

/** Rows beyond which a table may break across pages; text beyond which a column is set in lines. */
const longTable = 30;
const wideText = 36;

/**
 * A table in LaTeX, with the packages array, booktabs and, for more than 30 rows, longtable. Its caption stands above
 * it, its notes beneath; `\ref{label}` refers to it.
 */
export function latexTable(table: TextTable, label: string): string {
  const { caption, columns, groups, notes, explanations } = table;
  const rows = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const head = ["\\toprule", row(columns.map(({ header }) => line(header))), "\\midrule"];
  const body = groups.flatMap(({ heading, rows }, index) => [
    ...(index === 0 || heading === undefined ? [] : ["\\addlinespace"]),
    ...(heading === undefined ? [] : [`\\multicolumn{${columns.length}}{l}{\\emph{${line(heading)}}} \\\\`]),
    ...rows.map(({ cells }) => row(cells.map((cell) => typesetLatex(breakableLatex(cell))))),
  ]);
  const captionText = `\\caption{${line(caption)}}\\label{${label}}`;
  const beneath = [...notes, ...explanations].map((note) => `${line(note)}\\par`);
  const set = `{${columnTypes(table)}}`;
  if (rows > longTable) {
    return [
      "{\\small",
      `\\begin{longtable}${set}`,
      `${captionText} \\\\`,
      ...head,
      "\\endfirsthead",
      ...head,
      "\\endhead",
      "\\bottomrule",
      "\\endfoot",
      ...body,
      "\\end{longtable}}",
      ...(beneath.length === 0 ? [] : ["{\\footnotesize\\setlength{\\parindent}{0pt}", ...beneath, "}"]),
    ].join("\n");
  }
  return [
    "\\begin{table}[H]",
    "\\centering\\small",
    captionText,
    `\\begin{tabular}${set}`,
    ...head,
    ...body,
    "\\bottomrule",
    "\\end{tabular}",
    ...(beneath.length === 0
      ? []
      : ["\\par\\medskip", "\\begin{minipage}{\\linewidth}\\footnotesize", ...beneath, "\\end{minipage}"]),
    "\\end{table}",
  ].join("\n");
}

function row(cells: readonly string[]): string {
  return `${cells.join(" & ")} \\\\`;
}

/** Numbers to the right, text to the left; columns of long text share three fifths of the line, or all of it. */
function columnTypes({ columns, groups }: TextTable): string {
  const cells = groups.flatMap(({ rows }) => rows.map((row) => row.cells));
  const wide = columns.map(
    ({ kind }, column) => kind === "text" && cells.some((texts) => [...texts[column]].length > wideText),
  );
  const count = wide.filter((isWide) => isWide).length;
  const share = ((count === columns.length ? 0.9 : 0.6) / count).toFixed(2);
  return columns
    .map(({ kind }, column) => {
      if (wide[column]) return `>{\\raggedright\\arraybackslash}p{${share}\\linewidth}`;
      return kind === "text" ? "l" : "r";
    })
    .join("");
}

function line(text: string): string {
  return typesetLatex(latexText(text));
}
