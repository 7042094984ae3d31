import type { TextTable } from "./text-table.ts";

// Rows from which a table of names and values stands in two halves beside one another, and characters of a cell, at most.
const tall = 8;
const short = 34;

/** A table as paper has room for it: many short names and values in two columns of each. */
export function paperTable(table: TextTable): TextTable {
  const { columns, groups } = table;
  const [{ heading, rows }] = groups;
  const isNamesAndValues = columns.length === 2 && columns.every(({ kind }) => kind === "text");
  const fits = rows.every(({ cells, tone }) => tone === undefined && cells.every((cell) => cell.length <= short));
  if (!isNamesAndValues || groups.length !== 1 || heading !== undefined || rows.length < tall || !fits) return table;
  const half = Math.ceil(rows.length / 2);
  return {
    ...table,
    columns: [...columns, ...columns],
    groups: [
      {
        rows: rows
          .slice(0, half)
          .map(({ cells }, at) => ({ cells: [...cells, ...(rows[half + at]?.cells ?? ["", ""])] })),
      },
    ],
  };
}
