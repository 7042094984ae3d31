import { byteOf } from "../../files/byte-of.ts";
import { limits } from "../../files/limits.ts";
import { shown, takeAgain, unreadable } from "../../files/unreadable.ts";
import type { Dataset } from "../dataset.ts";
import { flatShapes } from "./array-images.ts";
import { type Columns, columnsOf, requireColumns } from "./csv-columns.ts";
import {
  decoded,
  emptyField,
  type Field,
  fieldAt,
  linesFrom,
  numberAt,
  numberIn,
  onlyBlanks,
  rowAt,
  separatorName,
  separatorOf,
  type Text,
} from "./csv-text.ts";
import { labelsOf } from "./labels.ts";
import { rangeRemedy } from "./range-remedy.ts";
import type { ReadingOptions } from "./reading-options.ts";

/**
 * Reads a table: one image a row, one column its label, the others its pixels, whole numbers from 0 to 255 or in `range`.
 * @throws Fault `data` naming the byte and the row, and where nothing says which column is the label
 */
export function readCsv(bytes: Uint8Array, name: string, place: string, options: ReadingOptions = {}): Dataset {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const text: Text = { bytes, place, separator: separatorOf(bytes, start) };
  const first = rowAt(text, start);
  requireColumns(text, start, first.fields.length);
  const columns = columnsOf(text, start, options.label);
  const dimension = columns.count - (columns.index < 0 ? 1 : 2);
  if (dimension < 1) {
    throw unreadable(place, start, "a row of a label and pixels", "no column of pixels", "give one row an image");
  }
  const { images, labels } = rows(text, columns.hasHeader ? first.next : start, columns, dimension, options.range);
  const shape = flatShapes[dimension];
  const reading = [...columns.reading, `columns separated by ${separatorName(text.separator)}`];
  const count = labels.labels.length;
  return { name, images, count, dimension, ...labels, reading, ...(shape === undefined ? {} : { shape }) };
}

function rows(text: Text, from: number, columns: Columns, dimension: number, range: ReadingOptions["range"]) {
  const { bytes, place } = text;
  // A value takes a digit and what ends it, so this is room for all there can be, whatever the first row promised.
  const room = Math.min(linesFrom(bytes, from) * dimension, (bytes.length - from + 1) >> 1);
  const images = new Uint8Array(room);
  const values: (string | number)[] = [];
  const starts: number[] = [];
  const field = emptyField(from);
  let at = from;
  let pixel = 0;
  while (at < bytes.length && !onlyBlanks(bytes, at)) {
    const number = values.length + (columns.hasHeader ? 2 : 1);
    if (values.length === limits.images) {
      throw unreadable(place, at, `at most ${limits.images} rows`, "more", "split it");
    }
    starts.push(at);
    for (let index = 0; index < columns.count; index++) {
      fieldAt(text, at, field);
      if (field.isLast !== (index === columns.count - 1)) {
        const actual = field.isLast ? `${index + 1} in row ${number}` : `more in row ${number}`;
        throw unreadable(place, at, `${columns.count} columns`, actual, "give every row the same columns");
      }
      if (index === columns.label) values.push(labelIn(text, field));
      else if (index !== columns.index) {
        const value = numberAt(bytes, field.from, field.to);
        const byte = range === undefined ? value & 255 : byteOf(value, range);
        if (range === undefined ? byte !== value : byte < 0) throw notByte(text, field, number, index, range);
        images[pixel++] = byte;
      }
      at = field.next;
    }
  }
  if (values.length === 0) throw unreadable(place, from, "a row of a label and pixels", "none", takeAgain);
  const labels = labelsOf(values, place, (image) => starts[image]);
  return { images: images.subarray(0, pixel), labels };
}

function notByte(text: Text, field: Field, row: number, index: number, range: ReadingOptions["range"]) {
  const value = decoded(text, field);
  const actual = `${shown(value)} in row ${row}, column ${index + 1}`;
  const expected = range === undefined ? "a whole number from 0 to 255" : `a number from ${range[0]} to ${range[1]}`;
  const remedy = Number.isNaN(numberIn(value))
    ? "leave out columns that are no pixels, or name the label's with --label"
    : range === undefined
      ? rangeRemedy
      : "give a data.dataset.range that holds all values";
  return unreadable(text.place, field.from, expected, actual, remedy);
}

/** A label: a number where it is written as one, else its text. */
function labelIn(text: Text, field: Field): string | number {
  const label = decoded(text, field);
  if (label === "") throw unreadable(text.place, field.from, "a label", "an empty field", "give every row a label");
  // 007 is a name, and so is what no double holds exactly.
  const value = /^0\d/.test(label) || label.length > 30 ? Number.NaN : numberIn(label);
  return Number.isSafeInteger(value) && Math.abs(value) < 1e15 ? value + 0 : label;
}
