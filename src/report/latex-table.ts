import { largestOf } from "../math/extremes.ts";
import { breakableLatex, latexText } from "./latex-text.ts";
import { paperTable } from "./paper-table.ts";
import type { TextTable } from "./text-table.ts";
import { typesetLatex } from "./typeset.ts";

/** Rows beyond which a table may break across pages; text beyond which a column is set in lines. */
const longTable = 30;
const wideText = 36;

/**
 * A table in LaTeX, with the packages array, booktabs and, for more than 30 rows, longtable. Its caption stands above
 * it, its notes beneath; `\ref{label}` refers to it.
 */
export function latexTable(content: TextTable, label: string): string {
  const table = paperTable(content);
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

/** Parts of a line that a character takes, and the space around a column. */
const character = 0.0095;
const between = 0.02;

/** Numbers to the right, text to the left; columns of long text share what the others leave of the line. */
function columnTypes({ columns, groups }: TextTable): string {
  const rows = [columns.map(({ header }) => header), ...groups.flatMap((group) => group.rows.map((row) => row.cells))];
  const lengths = columns.map((_, column) => largestOf(rows.map((cells) => [...(cells[column] ?? "")].length)));
  const wide = columns.map(({ kind }, column) => kind === "text" && lengths[column] > wideText);
  const taken = lengths.reduce(
    (sum, length, column) => sum + (wide[column] ? between : between + character * length),
    0,
  );
  const count = wide.filter((isWide) => isWide).length;
  const most = count === columns.length ? 0.9 : 0.6;
  const share = Math.min(most / count, Math.max(0.15, (1 - taken) / count)).toFixed(2);
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
