import { element, escapeMarkup } from "../plot/markup.ts";
import type { TextRow, TextTable } from "./text-table.ts";
import { typesetHtml } from "./typeset.ts";

/** Columns beyond which, and rows up to which, a phone shows each row as lines of its own, every cell behind its column's name. */
const widest = 3;
const tallest = 40;

/** A table for the page, in a frame that scrolls sideways on narrow screens; the notes follow it. */
export function htmlTable(table: TextTable): string {
  const { caption, columns, groups, notes, explanations } = table;
  const head = columns.map(({ header, kind }) => element("th", { scope: "col", class: kind }, markup(header)));
  const rowCount = groups.reduce((sum, { rows }) => sum + rows.length, 0);
  const isStacked = columns.length > widest && rowCount <= tallest;
  const grid = element(
    "table",
    { class: isStacked ? "stack" : undefined },
    element("caption", {}, markup(caption)),
    element("thead", {}, element("tr", {}, ...head)),
    ...groups.map(({ heading, rows }) =>
      element(
        "tbody",
        {},
        heading === undefined ? "" : groupHeading(heading, columns.length),
        // One child: as arguments, rows by the ten thousand overflow the stack.
        rows.map((row) => htmlRow(row, table, isStacked)).join("\n"),
      ),
    ),
  );
  const below = [...notes, ...explanations].map((note) => element("p", {}, markup(note)));
  return [
    // A frame that scrolls must be reachable by keyboard, and so needs a name.
    element("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": caption }, grid),
    below.length === 0 ? "" : element("div", { class: "notes" }, ...below),
  ].join("\n");
}

function groupHeading(heading: string, columns: number): string {
  return element("tr", {}, element("th", { scope: "rowgroup", colspan: String(columns) }, markup(heading)));
}

function htmlRow({ cells, tone }: TextRow, { columns }: TextTable, isStacked: boolean): string {
  const [name, ...others] = cells;
  return element(
    "tr",
    {},
    element(
      "th",
      { scope: "row", "data-column": isStacked ? numbered(name, columns[0].header) : undefined },
      markup(name),
    ),
    ...others.map((cell, index) => {
      const last = index === others.length - 1;
      const classes = last && tone !== undefined ? `${columns[index + 1].kind} ${tone}` : columns[index + 1].kind;
      if (!isStacked) return element("td", { class: classes }, markup(cell));
      const attributes = { class: classes, "data-column": columns[index + 1].header };
      return element("td", attributes, element("span", {}, markup(cell)));
    }),
  );
}

/** What a phone puts before a row's name that is a mere number. */
function numbered(name: string, header: string): string | undefined {
  return /^\d+$/.test(name) && header !== "" ? header : undefined;
}

function markup(text: string): string {
  return typesetHtml(escapeMarkup(text));
}
