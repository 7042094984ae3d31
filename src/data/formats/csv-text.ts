import { limits } from "../../files/limits.ts";
import { shown, takeAgain, unreadable, utf8 } from "../../files/unreadable.ts";

// Separated values (RFC 4180, with any of four separators), found byte by byte.

const [quote, newline, carriage, space] = [0x22, 0x0a, 0x0d, 0x20];

export interface Text {
  readonly bytes: Uint8Array;
  readonly place: string;
  /** The byte between two fields: comma, semicolon, tab, or a blank and any more of them. */
  readonly separator: number;
}

/** A field: its content between `from` and `to`, without quotes and spaces around it. */
export interface Field {
  from: number;
  to: number;
  isQuoted: boolean;
  /** Where the next field begins, or the next row. */
  next: number;
  isLast: boolean;
}

export function emptyField(next: number): Field {
  return { from: 0, to: 0, isQuoted: false, next, isLast: false };
}

const separators = [...",;\t"].map((character) => character.charCodeAt(0));

/** What stands most often between the fields of the row that begins at `start`; blanks where nothing else does. */
export function separatorOf(bytes: Uint8Array, start: number): number {
  const counts = separators.map(() => 0);
  let isQuoted = false;
  for (let at = start; at < bytes.length && bytes[at] !== newline && bytes[at] !== carriage; at++) {
    if (bytes[at] === quote) isQuoted = !isQuoted;
    const index = isQuoted ? -1 : separators.indexOf(bytes[at]);
    if (index >= 0) counts[index]++;
  }
  const [most, second] = counts.toSorted((a, b) => b - a);
  // Semicolons come where commas are decimal points: they win.
  if (most === second && counts[1] > 0) return separators[1];
  return most === 0 ? space : separators[counts.indexOf(most)];
}

/** The separator as a person calls it. */
export function separatorName(separator: number): string {
  return { 44: "commas", 59: "semicolons", 9: "tabs" }[separator] ?? "blanks";
}

/** The texts of the fields of the row that begins at `start`. */
export function rowAt(text: Text, start: number): { fields: string[]; next: number } {
  const fields: string[] = [];
  const field = emptyField(start);
  while (!field.isLast && field.next < text.bytes.length) {
    fieldAt(text, field.next, field);
    fields.push(decoded(text, field));
    if (fields.length > limits.imageValues + 1) break;
  }
  return { fields, next: field.next };
}

/** Finds the field that begins at `at`; `field` is written. */
export function fieldAt({ bytes, place, separator }: Text, at: number, field: Field): void {
  while (bytes[at] === space) at++;
  field.isQuoted = bytes[at] === quote;
  if (field.isQuoted) {
    field.from = at + 1;
    for (at++; bytes[at] !== quote || bytes[at + 1] === quote; at += bytes[at] === quote ? 2 : 1) {
      if (at >= bytes.length) throw unreadable(place, field.from - 1, "a closing quote", "the file's end", takeAgain);
    }
    field.to = at++;
  } else {
    field.from = at;
    while (at < bytes.length && bytes[at] !== separator && bytes[at] !== newline && bytes[at] !== carriage) at++;
    field.to = at;
    while (field.to > field.from && bytes[field.to - 1] === space) field.to--;
  }
  const isApart = bytes[at] === space; // blanks before a row's end are no separator
  while (bytes[at] === space) at++;
  const isEnd = at >= bytes.length || bytes[at] === newline || bytes[at] === carriage;
  field.isLast = isEnd || (bytes[at] !== separator && !(separator === space && isApart));
  if (bytes[at] === carriage && bytes[at + 1] === newline) at++;
  else if (!isEnd && field.isLast) {
    throw unreadable(place, at, "a separator or the row's end", shown(String.fromCharCode(bytes[at])), takeAgain);
  }
  field.next = separator === space && !isEnd ? at : at + 1;
}

export function decoded({ bytes, place }: Text, { from, to, isQuoted }: Field): string {
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
export function linesFrom(bytes: Uint8Array, from: number): number {
  let lines = 1;
  for (let at = from; at < bytes.length; at++) if (bytes[at] === newline || bytes[at] === carriage) lines++;
  return lines;
}

/** Whether nothing but line ends and spaces follows. */
export function onlyBlanks(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] !== newline && bytes[at] !== carriage && bytes[at] !== space) return false;
  }
  return true;
}

/** The number that is written between `from` and `to`, as `12`, `12.0` or `1.2e+01`; NaN for what is none. */
export function numberAt(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = bytes[at] - 0x30;
    if (digit < 0 || digit > 9 || to - from > 15) return longNumberAt(bytes, from, to);
    value = 10 * value + digit;
  }
  return from === to ? Number.NaN : value;
}

const numeric = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function longNumberAt(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > 60) return Number.NaN;
  return numberIn(String.fromCharCode(...bytes.subarray(from, to)));
}

/** The number that a text is; NaN for what is none. */
export function numberIn(text: string): number {
  return numeric.test(text) ? Number(text) : Number.NaN;
}
