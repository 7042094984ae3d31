import { limits } from "../../files/limits.ts";
import { listed, shown, takeAgain, unreadable, utf8 } from "../../files/unreadable.ts";
import type { Dataset } from "../dataset.ts";
import { flatShapes } from "./array-images.ts";
import { labelsOf } from "./labels.ts";

// Comma-separated values (RFC 4180), read byte by byte: one image a row, one column its label, the others its pixels.

const [comma, quote, newline, carriage, space] = [0x2c, 0x22, 0x0a, 0x0d, 0x20];
const labelNames = ["label", "class", "target", "y"];

interface Text {
  readonly bytes: Uint8Array;
  readonly place: string;
}

/** A field: its content between `from` and `to`, without quotes and spaces around it. */
interface Field {
  from: number;
  to: number;
  isQuoted: boolean;
  /** Where the next field begins, or the next row. */
  next: number;
  isLast: boolean;
}

/**
 * Reads rows of whole numbers from 0 to 255 and a label. The label's column is called `label`, class, target or y, or is the
 * one that `label` names (without a header its number, from 1), or is the first.
 * @throws Fault `data` naming the byte and the row
 */
export function readCsv(bytes: Uint8Array, name: string, place: string, label?: string): Dataset {
  const text: Text = { bytes, place };
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const first = rowAt(text, start);
  const columns = first.fields.length;
  if (columns < 2) {
    const remedy = "separate the columns with commas, one row an image";
    throw unreadable(place, start, "a row of a label and pixels", `${columns} column`, remedy);
  }
  if (columns - 1 > limits.imageValues) {
    const expected = `at most ${limits.imageValues} pixels a row`;
    throw unreadable(place, start, expected, `${columns - 1}`, "make the images smaller");
  }
  const hasHeader = isHeader(text, first, label);
  const column = labelColumn(text, first.fields, hasHeader, label, start);
  const from = hasHeader ? first.next : start;
  const { images, labels } = rows(text, from, columns, column, hasHeader ? 2 : 1);
  const dimension = columns - 1;
  const shape = flatShapes[dimension];
  return { name, images, count: labels.labels.length, dimension, ...labels, ...(shape === undefined ? {} : { shape }) };
}

function rows(text: Text, from: number, columns: number, column: number, firstRow: number) {
  const { bytes, place } = text;
  const dimension = columns - 1;
  // A value takes a digit and what ends it, so this is room for all there can be, whatever the first row promised.
  const room = Math.min(linesFrom(bytes, from) * dimension, (bytes.length - from + 1) >> 1);
  const images = new Uint8Array(room);
  const values: (string | number)[] = [];
  const starts: number[] = [];
  const field: Field = { from: 0, to: 0, isQuoted: false, next: 0, isLast: false };
  let at = from;
  let pixel = 0;
  while (at < bytes.length && !onlyBlanks(bytes, at)) {
    const number = firstRow + values.length;
    if (values.length === limits.images)
      throw unreadable(place, at, `at most ${limits.images} rows`, "more", "split it");
    starts.push(at);
    for (let index = 0; index < columns; index++) {
      fieldAt(text, at, field);
      if (field.isLast !== (index === columns - 1)) {
        const found = field.isLast ? `${index + 1} in row ${number}` : `more in row ${number}`;
        throw unreadable(place, at, `${columns} columns`, found, "give every row the same columns");
      }
      if (index === column) values.push(labelIn(text, field));
      else {
        const value = byteIn(bytes, field);
        if (value < 0) {
          const found = `${shown(decoded(text, field))} in row ${number}, column ${index + 1}`;
          const remedy = "scale the pixels to whole numbers from 0 to 255, and leave out columns that are no pixels";
          throw unreadable(place, field.from, "a whole number from 0 to 255", found, remedy);
        }
        images[pixel++] = value;
      }
      at = field.next;
    }
  }
  if (values.length === 0) throw unreadable(place, from, "a row of a label and pixels", "none", takeAgain);
  const labels = labelsOf(values, place, (image) => starts[image]);
  return { images: images.subarray(0, pixel), labels };
}

/**
 * The first row is a header if two fields or more are no numbers, or if one is a label's name and the others are no pixels:
 * they count 0, 1, 2, ... or 1, 2, 3, ... Images of one or two pixels may do so too: then the name must come only once.
 */
function isHeader(text: Text, { fields, next }: { fields: readonly string[]; next: number }, label?: string): boolean {
  const isNumber = (field: string) => /^\s*\d+\s*$/.test(field);
  const others = fields.filter((field) => !isNumber(field));
  if (others.length !== 1) return others.length > 1;
  const name = others[0].trim().toLowerCase();
  if (name === label?.trim().toLowerCase()) return true;
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

function labelColumn(
  { place }: Text,
  fields: readonly string[],
  hasHeader: boolean,
  label: string | undefined,
  at: number,
): number {
  const names = fields.map((field) => field.trim().toLowerCase());
  if (label === undefined) {
    const found = hasHeader ? labelNames.map((name) => names.indexOf(name)).filter((index) => index >= 0) : [];
    if (found.length > 1) {
      const remedy = "name the column of the labels with the key label";
      throw unreadable(place, at, "one column of labels", listed(found.map((index) => fields[index])), remedy);
    }
    return found[0] ?? 0;
  }
  const number = /^\d+$/.test(label) ? Number(label) - 1 : -1;
  const exact = fields.indexOf(label);
  const index = !hasHeader ? number : exact >= 0 ? exact : names.indexOf(label.trim().toLowerCase());
  if (index < 0 || index >= fields.length) {
    const found = hasHeader ? listed(fields) : `${fields.length} columns without names`;
    throw unreadable(place, at, `a column ${shown(label)}`, found, "name the column of the labels, or give its number");
  }
  return index;
}

/** The texts of the fields of a row, which is the first. */
function rowAt(text: Text, start: number): { fields: string[]; next: number } {
  const fields: string[] = [];
  const field: Field = { from: 0, to: 0, isQuoted: false, next: start, isLast: false };
  while (!field.isLast && field.next < text.bytes.length) {
    fieldAt(text, field.next, field);
    fields.push(decoded(text, field));
    if (fields.length > limits.imageValues + 1) break;
  }
  return { fields, next: field.next };
}

/** Finds the field that begins at `at`; `field` is written. */
function fieldAt({ bytes, place }: Text, at: number, field: Field): void {
  while (bytes[at] === space) at++;
  field.isQuoted = bytes[at] === quote;
  if (field.isQuoted) {
    field.from = at + 1;
    for (at++; bytes[at] !== quote || bytes[at + 1] === quote; at += bytes[at] === quote ? 2 : 1) {
      if (at >= bytes.length) throw unreadable(place, field.from - 1, "a closing quote", "the file's end", takeAgain);
    }
    field.to = at++;
    while (bytes[at] === space) at++;
  } else {
    field.from = at;
    while (at < bytes.length && bytes[at] !== comma && bytes[at] !== newline && bytes[at] !== carriage) at++;
    field.to = at;
    while (field.to > field.from && bytes[field.to - 1] === space) field.to--;
  }
  field.isLast = bytes[at] !== comma;
  if (bytes[at] === carriage && bytes[at + 1] === newline) at++;
  else if (at < bytes.length && bytes[at] !== comma && bytes[at] !== newline && bytes[at] !== carriage) {
    throw unreadable(place, at, "a comma or the row's end", shown(String.fromCharCode(bytes[at])), takeAgain);
  }
  field.next = at + 1;
}

/** The number of a pixel, or -1. */
function byteIn(bytes: Uint8Array, { from, to }: Field): number {
  if (to - from < 1 || to - from > 3) return -1;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = bytes[at] - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = 10 * value + digit;
  }
  return value > 255 ? -1 : value;
}

/** A label: a number where it is written as one, else its text. */
function labelIn(text: Text, field: Field): string | number {
  const label = decoded(text, field);
  if (label === "") throw unreadable(text.place, field.from, "a label", "an empty field", "give every row a label");
  return /^(?:0|-?[1-9]\d{0,14})$/.test(label) ? Number(label) : label;
}

function decoded({ bytes, place }: Text, { from, to, isQuoted }: Field): string {
  if (to - from === 1 && bytes[from] < 128) return String.fromCharCode(bytes[from]); // most labels
  if (to - from > limits.nameBytes) {
    throw unreadable(place, from, `a field of at most ${limits.nameBytes} bytes`, `${to - from}`, takeAgain);
  }
  try {
    const text = utf8.decode(bytes.subarray(from, to));
    return isQuoted ? text.replaceAll('""', '"') : text;
  } catch (cause) {
    if (cause instanceof TypeError)
      throw unreadable(place, from, "text in UTF-8", "other bytes", "save the file as UTF-8");
    throw cause;
  }
}

/** Rows there can be from byte `from` on. */
function linesFrom(bytes: Uint8Array, from: number): number {
  let lines = 1;
  for (let at = from; at < bytes.length; at++) if (bytes[at] === newline || bytes[at] === carriage) lines++;
  return lines;
}

/** Whether nothing but line ends and spaces follows. */
function onlyBlanks(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] !== newline && bytes[at] !== carriage && bytes[at] !== space) return false;
  }
  return true;
}
