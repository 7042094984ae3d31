import { largestOf } from "../math/extremes.ts";
import { markdownText } from "./markdown-text.ts";
import type { TextTable } from "./text-table.ts";
import { typesetMarkdown } from "./typeset.ts";

/** A table in GitHub's Markdown: its caption above, its notes beneath; a group's heading is a row of its own. */
export function markdownTable({ caption, columns, groups, notes, explanations }: TextTable): string {
  const header = columns.map((column) => line(column.header));
  const rows = groups.flatMap(({ heading, rows }) => [
    ...(heading === undefined ? [] : [columns.map((_, index) => (index === 0 ? bold(heading) : ""))]),
    ...rows.map(({ cells }) => cells.map(line)),
  ]);
  const widths = columns.map((_, column) => largestOf([3, ...[header, ...rows].map((row) => width(row[column]))]));
  const right = columns.map(({ kind }) => kind !== "text");
  const rowOf = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => pad(cell, widths[column], right[column])).join(" | ")} |`;
  const rule = widths.map((length, column) => (right[column] ? `${"-".repeat(length - 1)}:` : "-".repeat(length)));
  return [
    bold(caption),
    [rowOf(header), rowOf(rule), ...rows.map(rowOf)].join("\n"),
    ...[...notes, ...explanations].map(line),
  ].join("\n\n");
}

function bold(text: string): string {
  return `**${line(text)}**`;
}

function width(text: string): number {
  return [...text].length;
}

function pad(text: string, to: number, right: boolean): string {
  const space = " ".repeat(to - width(text));
  return right ? space + text : text + space;
}

function line(text: string): string {
  return typesetMarkdown(markdownText(text));
}
