import { htmlTable } from "../report/html-table.ts";
import { latexTable } from "../report/latex-table.ts";
import { markdownTable } from "../report/markdown-table.ts";
import type { TextTable } from "../report/text-table.ts";

/** What `--format` takes. */
export type TableFormat = "html" | "markdown" | "md" | "latex" | "tex";

/** A table to be pasted into a document of another program. */
export function formattedTable(table: TextTable, format: TableFormat, label: string): string {
  if (format === "html") return htmlTable(table);
  return format === "markdown" || format === "md" ? markdownTable(table) : latexTable(table, label);
}
