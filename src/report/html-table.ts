import { element, escapeMarkup } from "../plot/markup.ts";
import type { TextRow, TextTable } from "./text-table.ts";

/** A table for the page, in a frame that scrolls sideways on narrow screens; the notes follow it. */
export function htmlTable(table: TextTable): string {
  const { caption, columns, groups, notes, explanations } = table;
  const head = columns.map(({ header, kind }) => element("th", { scope: "col", class: kind }, escapeMarkup(header)));
  const grid = element(
    "table",
    {},
    element("caption", {}, escapeMarkup(caption)),
    element("thead", {}, element("tr", {}, ...head)),
    ...groups.map(({ heading, rows }) =>
      element(
        "tbody",
        {},
        heading === undefined ? "" : groupHeading(heading, columns.length),
        // One child: as arguments, rows by the ten thousand overflow the stack.
        rows.map((row) => htmlRow(row, table)).join("\n"),
      ),
    ),
  );
  const below = [...notes, ...explanations].map((note) => element("p", {}, escapeMarkup(note)));
  return [
    // A frame that scrolls must be reachable by keyboard, and so needs a name.
    element("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": caption }, grid),
    below.length === 0 ? "" : element("div", { class: "notes" }, ...below),
  ].join("\n");
}

function groupHeading(heading: string, columns: number): string {
  return element("tr", {}, element("th", { scope: "rowgroup", colspan: String(columns) }, escapeMarkup(heading)));
}

function htmlRow({ cells, tone }: TextRow, { columns }: TextTable): string {
  const [name, ...others] = cells;
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, escapeMarkup(name)),
    ...others.map((cell, index) => {
      const last = index === others.length - 1;
      const classes = last && tone !== undefined ? `${columns[index + 1].kind} ${tone}` : columns[index + 1].kind;
      return element("td", { class: classes }, escapeMarkup(cell));
    }),
  );
}
