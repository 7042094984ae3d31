import { printable } from "./printable.ts";
import { nothing, type TextTable } from "./text-table.ts";
import { splitAt, textWidth } from "./text-width.ts";

const gap = "  ";

/** Columns at least for a text that is broken into lines inside its cell. */
const narrowest = 20;

/** Columns at most for notes. */
const readable = 88;

/**
 * A table for a terminal of so many columns: plain text with aligned columns, no line break at the end, no colours but those that
 * `paint` gives the last cell of a row that has a tone.
 * Where it is too wide, its longest text is broken inside the column; where that does not help, every row is stacked, a
 * line for each value that it has. One without rows is its caption and its notes.
 */
export function consoleTable(
  table: TextTable,
  terminal = Number.POSITIVE_INFINITY,
  paint: (text: string, tone: Tone) => string = (text) => text,
): string {
  const terminalWidth = Math.max(2 * narrowest, terminal);
  const { caption, groups, notes } = table;
  const headers = table.columns.map(({ header }) => printable(header));
  const printedGroups = groups.map(({ heading, rows }) => ({
    heading: heading === undefined ? [] : wrap(printable(heading), terminalWidth),
    rows: rows.map(({ cells, tone }) => ({ cells: cells.map(printable), tone })),
  }));
  const rows = printedGroups.flatMap((group) => group.rows.map(({ cells }) => cells));
  const natural = headers.map((header, column) =>
    rows.reduce((widest, cells) => Math.max(widest, textWidth(cells[column])), textWidth(header)),
  );
  const widths = fitted(natural, table, terminalWidth);
  const isEmpty = rows.length === 0;
  const line = (cells: readonly string[]) => (widths === undefined ? [] : alignedLines(cells, widths, table));
  const head = widths === undefined ? [] : [...line(headers), ...line(widths.map((columns) => "-".repeat(columns)))];
  return [
    ...wrap(printable(caption), terminalWidth),
    ...(isEmpty ? [] : ["", ...head]),
    ...printedGroups.flatMap(({ heading, rows }) => [
      ...heading,
      ...rows.flatMap(({ cells, tone }) => {
        const lines = widths === undefined ? stacked(headers, cells, terminalWidth) : line(cells);
        const last = cells.at(-1) ?? "";
        return tone === undefined ? lines : painted(lines, last, (text) => paint(text, tone));
      }),
    ]),
    ...(notes.length === 0
      ? []
      : ["", ...notes.flatMap((note) => wrap(printable(note), Math.min(readable, terminalWidth)))]),
  ].join("\n");
}

export type Tone = NonNullable<TextTable["groups"][number]["rows"][number]["tone"]>;

/** The lines of a row with its last cell painted, where that ends one of them. */
function painted(lines: readonly string[], cell: string, paint: (text: string) => string): string[] {
  return lines.map((line) =>
    cell !== "" && line.endsWith(cell) ? line.slice(0, line.length - cell.length) + paint(cell) : line,
  );
}

/** Widths of the columns that fit; undefined where even the widest text, broken into lines, leaves too little room. */
function fitted(natural: readonly number[], { columns }: TextTable, most: number): readonly number[] | undefined {
  const total = natural.reduce((sum, width) => sum + width, gap.length * (natural.length - 1));
  if (total <= most) return natural;
  const texts = natural.map((width, column) => (columns[column].kind === "text" && column > 0 ? width : 0));
  const widest = texts.indexOf(texts.reduce((most, width) => Math.max(most, width), 0));
  const left = natural[widest] - (total - most);
  return left < narrowest || texts[widest] === 0 ? undefined : natural.with(widest, left);
}

/** One row: a line, or several where a cell is broken. */
function alignedLines(cells: readonly string[], widths: readonly number[], { columns }: TextTable): readonly string[] {
  const broken = cells.map((cell, column) =>
    textWidth(cell) <= widths[column] ? [cell] : wrap(cell, widths[column], ""),
  );
  const height = broken.reduce((most, lines) => Math.max(most, lines.length), 1);
  return Array.from({ length: height }, (_, at) =>
    broken
      .map((lines, column) => pad(lines[at] ?? "", widths[column], columns[column].kind !== "text"))
      .join(gap)
      .trimEnd(),
  );
}

/** One row as lines of its own: the first cell, then what each other column has for it. */
function stacked(headers: readonly string[], cells: readonly string[], most: number): readonly string[] {
  const others = headers
    .map((header, column) => ({ header, cell: cells[column] }))
    .slice(1)
    .filter(({ cell }) => cell !== "" && cell !== nothing);
  const label = others.reduce((widest, { header }) => Math.max(widest, textWidth(header)), 0);
  const room = Math.max(narrowest, most - label - 2 * gap.length);
  return [
    ...wrap(cells[0], most),
    ...others.flatMap(({ header, cell }) =>
      wrap(cell, room, "").map((part, at) => `${gap}${pad(at === 0 ? header : "", label, false)}${gap}${part}`),
    ),
  ];
}

function pad(text: string, to: number, right: boolean): string {
  const space = " ".repeat(Math.max(0, to - textWidth(text)));
  return right ? space + text : text + space;
}

/** Lines of at most `most` columns; all but the first are indented. A word that is longer is broken. */
function wrap(text: string, most: number, indent = gap): string[] {
  if (most === Number.POSITIVE_INFINITY) return [text];
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.split(" ")) {
    if (line !== undefined && textWidth(line) + 1 + textWidth(word) <= most) {
      line = `${line} ${word}`;
      continue;
    }
    if (line !== undefined) lines.push(line);
    line = lines.length === 0 ? word : indent + word;
    while (textWidth(line) > most) {
      const [first, rest]: readonly [string, string] = splitAt(line, most);
      lines.push(first);
      line = indent + rest;
    }
  }
  return line === undefined ? lines : [...lines, line];
}
