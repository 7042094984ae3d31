import { paperTable } from "./paper-table.ts";
import type { TextTable } from "./text-table.ts";
import { breakableTypst, typstText } from "./typst-text.ts";

/** Rows beyond which a table may break across pages. */
const longTable = 30;

/** A table in Typst: its caption above, ruled, its notes beneath; a long one breaks across pages and repeats its head. */
export function typstTable(content: TextTable): string {
  const { caption, columns, groups, notes, explanations } = paperTable(content);
  const align = columns.map(({ kind }) => (kind === "text" ? "left" : "right")).join(", ");
  const rows = groups.flatMap(({ heading, rows }) => [
    ...(heading === undefined ? [] : [`  table.cell(colspan: ${columns.length})[_${typstText(heading)}_],`]),
    ...rows.map(({ cells }) => `  ${cells.map((cell) => `[${breakableTypst(cell)}]`).join(", ")},`),
  ]);
  const isLong = groups.reduce((sum, { rows }) => sum + rows.length, 0) > longTable;
  const table = [
    "#figure(kind: table, table(",
    `  columns: ${columns.length}, align: (${align},), stroke: none, inset: (x: 4pt, y: 2.5pt),`,
    "  table.hline(stroke: 0.8pt),",
    `  table.header(${columns.map(({ header }) => `[${typstText(header)}]`).join(", ")}),`,
    "  table.hline(stroke: 0.4pt),",
    ...rows,
    "  table.hline(stroke: 0.8pt),",
    `), caption: [${typstText(caption)}])`,
  ].join("\n");
  const beneath = [...notes, ...explanations].map((note) => `#note[${typstText(note)}]`);
  const whole = isLong ? `#[\n#show figure: set block(breakable: true)\n${table}\n]` : table;
  return [whole, ...beneath].join("\n");
}
