import type { TextTable } from "./text-table.ts";

const gap = "  ";

/** A table for a terminal: plain text with aligned columns, no colour codes, no line break at the end. */
export function consoleTable({ caption, columns, groups, notes }: TextTable): string {
  const rows = groups.flatMap((group) => group.rows);
  const widths = columns.map(({ header }, column) =>
    Math.max(width(header), ...rows.map(({ cells }) => width(printable(cells[column])))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => pad(printable(cell), widths[column], columns[column].kind !== "text"))
      .join(gap)
      .trimEnd();
  return [
    printable(caption),
    "",
    line(columns.map(({ header }) => header)),
    line(widths.map((length) => "-".repeat(length))),
    ...groups.flatMap(({ heading, rows }) => [
      ...(heading === undefined ? [] : [printable(heading)]),
      ...rows.map(({ cells }) => line(cells)),
    ]),
    ...(notes.length === 0 ? [] : ["", ...notes.flatMap((note) => wrap(printable(note), 88))]),
  ].join("\n");
}

/** Text that can move no cursor and change no colour: names come from files. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, "\ufffd");
}

function width(text: string): number {
  return [...text].length;
}

function pad(text: string, to: number, right: boolean): string {
  const space = " ".repeat(to - width(text));
  return right ? space + text : text + space;
}

/** Lines of at most `most` characters where words allow; all but the first are indented. */
function wrap(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && width(last) + 1 + width(word) <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(lines.length === 0 ? word : `  ${word}`);
  }
  return lines;
}
