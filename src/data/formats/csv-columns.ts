import { limits } from "../../files/limits.ts";
import { listed, shown, unreadable } from "../../files/unreadable.ts";
import { decoded, emptyField, fieldAt, numberIn, onlyBlanks, rowAt, type Text } from "./csv-text.ts";

// Which column of a table is the label, which are pixels, and how that is known.

export const labelNames = ["label", "labels", "class", "target", "y"];
/** Names of a first column that numbers the rows, as data frames export it. */
const indexNames = ["", "id", "index", "unnamed: 0"];
/** Rows that are looked at to see which columns are texts. */
const looked = 100;

export interface Columns {
  readonly count: number;
  readonly hasHeader: boolean;
  readonly label: number;
  /** A column that only numbers the rows, or -1. */
  readonly index: number;
  /** How the label's column was found, and what was left out: a sentence each. */
  readonly reading: readonly string[];
}

interface FirstRow {
  readonly fields: readonly string[];
  /** Where the next row begins. */
  readonly next: number;
}

/**
 * The columns of a table whose first row begins at `start`.
 * @throws Fault `data` where the label's column is not known for certain, with those it could be
 */
export function columnsOf(text: Text, start: number, labelOption: string | undefined): Columns {
  const first = rowAt(text, start);
  const { fields } = first;
  const hasHeader = isHeader(text, first, labelOption);
  const names = fields.map((field) => field.trim().toLowerCase());
  const index = hasHeader && indexNames.includes(names[0]) ? 0 : -1;
  const [label, how] = labelColumn(text, first, hasHeader, labelOption, index, start);
  const title = hasHeader ? ` ${shown(fields[label])}` : "";
  const reading = [`labels: column ${label + 1}${title}, ${how}`];
  if (index === label) return { count: fields.length, hasHeader, label, index: -1, reading };
  if (index >= 0) reading.push(`left out: column 1 ${shown(fields[0])}, which numbers the rows`);
  return { count: fields.length, hasHeader, label, index, reading };
}

function labelColumn(
  text: Text,
  first: FirstRow,
  hasHeader: boolean,
  labelOption: string | undefined,
  index: number,
  start: number,
): [label: number, how: string] {
  const { fields } = first;
  if (labelOption !== undefined) return [askedColumn(text, fields, hasHeader, labelOption, start), "as you say"];
  const names = fields.map((field) => field.trim().toLowerCase());
  const named = hasHeader ? labelNames.filter((name) => names.includes(name)) : [];
  // Beside a label, x and y are the places of a point.
  const areLabels = named.length > 1 && names.includes("x") ? named.filter((name) => name !== "y") : named;
  const labelColumns = areLabels.map((name) => names.indexOf(name));
  if (labelColumns.length > 1) {
    const remedy = `name the column of the labels: --label ${fields[labelColumns[0]]}, in a spec data.dataset.label`;
    throw unreadable(text.place, start, "one column of labels", listed(labelColumns.map((at) => fields[at])), remedy);
  }
  if (labelColumns.length === 1) return [labelColumns[0], "by its name"];
  const texts = textColumns(text, hasHeader ? first.next : start, fields.length).filter((column) => column !== index);
  if (texts.length === 1) return [texts[0], "the only one of texts"];
  throw unknownLabel(text, fields, hasHeader, index, start);
}

/** Nothing says which column it is: the first and the last are the usual ones. */
function unknownLabel({ place }: Text, fields: readonly string[], hasHeader: boolean, index: number, start: number) {
  const candidates = [index + 1, fields.length - 1].map((column) => (hasHeader ? fields[column] : String(column + 1)));
  const actual = hasHeader ? listed(fields) : `${fields.length} columns of numbers without names`;
  const [first, last] = candidates.map((name) => `--label ${/^[\w.-]+$/.test(name) ? name : JSON.stringify(name)}`);
  const remedy = `say which column is the label, the first or the last: ${first} or ${last}, in a spec data.dataset.label`;
  return unreadable(place, start, `a column called ${labelNames.join(", ")}`, actual, remedy);
}

function askedColumn(
  { place }: Text,
  fields: readonly string[],
  hasHeader: boolean,
  labelOption: string,
  start: number,
): number {
  const names = fields.map((field) => field.trim().toLowerCase());
  const number = /^\d+$/.test(labelOption) ? Number(labelOption) - 1 : -1;
  const exact = fields.indexOf(labelOption);
  const column = !hasHeader ? number : exact >= 0 ? exact : names.indexOf(labelOption.trim().toLowerCase());
  if (column >= 0 && column < fields.length) return column;
  const actual = hasHeader ? listed(fields) : `${fields.length} columns without names`;
  throw unreadable(
    place,
    start,
    `a column ${shown(labelOption)}`,
    actual,
    "name the column of the labels, or give its number",
  );
}

/** The columns in which one of the first rows has what is no number. */
function textColumns(text: Text, from: number, count: number): number[] {
  const columns = new Set<number>();
  const field = emptyField(from);
  for (let row = 0, at = from; row < looked && at < text.bytes.length && !onlyBlanks(text.bytes, at); row++) {
    for (let column = 0; column < count; column++) {
      fieldAt(text, at, field);
      at = field.next;
      if (field.isQuoted || Number.isNaN(numberIn(decoded(text, field)))) columns.add(column);
      if (field.isLast) break;
    }
    if (!field.isLast) break;
  }
  return [...columns].sort((a, b) => a - b);
}

/**
 * The first row is a header if two fields or more are no numbers, or if one is a label's name and the others are no pixels:
 * they count 0, 1, 2, ... or 1, 2, 3, ... Images of one or two pixels may do so too: then the name must come only once.
 */
function isHeader(text: Text, { fields, next }: FirstRow, labelOption?: string): boolean {
  const isNumber = (field: string) => !Number.isNaN(numberIn(field.trim()));
  const others = fields.filter((field) => !isNumber(field));
  if (others.length !== 1) return others.length > 1;
  const name = others[0].trim().toLowerCase();
  if (name === labelOption?.trim().toLowerCase()) return true;
  const numbers = fields.filter(isNumber).map(Number);
  const counts = numbers.every((number, index) => number === numbers[0] + index) && numbers[0] <= 1;
  if (!labelNames.includes(name) || !counts) return false;
  return numbers.length > 2 || !recurs(text, next, fields.indexOf(others[0]), name);
}

/** Whether a column has a text again in the rows from byte `from` on. */
function recurs(text: Text, from: number, column: number, name: string): boolean {
  for (let at = from; at < text.bytes.length; ) {
    const { fields, next } = rowAt(text, at);
    if (fields[column]?.trim().toLowerCase() === name) return true;
    at = next;
  }
  return false;
}

/** @throws Fault `data` for a table of one column, or of more than an image may have */
export function requireColumns({ place }: Text, start: number, count: number): void {
  if (count < 2) {
    const remedy = "separate the columns with commas, semicolons, tabs or blanks, one row an image";
    throw unreadable(place, start, "a row of a label and pixels", `${count} column`, remedy);
  }
  if (count - 1 > limits.imageValues) {
    const expected = `at most ${limits.imageValues} pixels a row`;
    throw unreadable(place, start, expected, `${count - 1}`, "make the images smaller");
  }
}
