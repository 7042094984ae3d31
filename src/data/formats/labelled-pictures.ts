import { Fault } from "../../fault/fault.ts";
import { unknownName } from "../../fault/nearest.ts";
import { type FolderEntries, inWords } from "../../files/folder-entries.ts";
import { limits } from "../../files/limits.ts";
import { isPictureName } from "../../files/picture-name.ts";
import { shown, unreadable } from "../../files/unreadable.ts";
import { labelNames } from "./csv-columns.ts";
import { onlyBlanks, rowAt, separatorOf, type Text } from "./csv-text.ts";
import type { Folders } from "./folders.ts";
import { labelsOf } from "./labels.ts";

// A folder of pictures with a table of their labels, as competitions hand them out.

/** Tables of labels that may lie beside a folder, by its name. */
const beside = (folder: string) => [`${folder}.csv`, `${folder}_labels.csv`, `${folder}-labels.csv`, "labels.csv"];

/** The table of a folder's labels: the only CSV in it, or one beside it by a usual name; undefined where there is none. */
export async function labelsFileOf(
  folders: Folders,
  folder: string,
  { files }: FolderEntries,
): Promise<string | undefined> {
  const inside = files.filter(isTable);
  if (inside.length > 0) {
    if (inside.length === 1) return folders.join(folder, inside[0]);
    const complaint = `expected one table of labels, found ${inside.map(shown).join(", ")}`;
    throw new Fault("data", folder, complaint, "leave only the table of the labels in it");
  }
  const { home, name: ownName } = folders.homeOf(folder);
  const names = (await folders.entries(home).catch(() => undefined))?.files ?? [];
  const name = beside(ownName).find((candidate) => names.includes(candidate));
  return name === undefined ? undefined : folders.join(home, name);
}

const isTable = (name: string) => /\.(?:csv|tsv)$/i.test(name);

/**
 * The pictures of a folder in the order of its table: [class, file]. One column has the names of the files, with or without their ending,
 * another the labels: the one of two, or the one with a usual name.
 * @throws Fault `data` for a row without a picture, a picture without a row or with two, and a table whose columns are not known
 */
export async function listLabelled(
  folders: Folders,
  folder: string,
  entries: FolderEntries,
  table: string,
): Promise<{ classes: readonly string[]; files: [number, string][] }> {
  const pictures = entries.files.filter(isPictureName);
  const stranger = entries.files.find((name) => !isPictureName(name) && !isTable(name));
  if (stranger !== undefined || entries.others.length > 0) {
    const remedy = "leave only PNGs, JPEGs and the table of their labels in it";
    throw new Fault("data", folder, `expected pictures and a table of labels, found ${inWords(entries)}`, remedy);
  }
  return labelsInTable(await folders.read(table, limits.fileBytes), table, pictures);
}

/** The same from the bytes of the table and the names of the pictures. */
export function labelsInTable(
  bytes: Uint8Array,
  table: string,
  pictures: readonly string[],
): { classes: readonly string[]; files: [number, string][] } {
  const { rows, starts } = rowsOf(bytes, table);
  const byName = new Map(pictures.flatMap((name) => [[name, name] as const, [withoutEnding(name), name] as const]));
  const { nameColumn, labelColumn, first } = columnsIn(rows, byName, table);
  const seen = new Set<string>();
  const files: string[] = [];
  for (let row = first; row < rows.length; row++) {
    const text = rows[row][nameColumn] ?? "";
    const file = byName.get(text);
    if (file === undefined) {
      const actual = `row ${row + 1} names ${unknownName(text, pictures.slice(0, 1000))}`;
      throw unreadable(table, starts[row], "names of pictures in the folder", actual, "take the row out of the table");
    }
    if (seen.has(file)) {
      throw unreadable(table, starts[row], "each picture once", `${shown(file)} again`, "leave one row for it");
    }
    seen.add(file);
    files.push(file);
  }
  const missing = pictures.filter((name) => !seen.has(name));
  if (missing.length > 0) {
    const actual = `none for ${missing.length} of ${pictures.length}, for example ${shown(missing[0])}`;
    const remedy = "add their rows, or take the pictures out of the folder";
    throw unreadable(table, bytes.length, "a row for every picture", actual, remedy);
  }
  const texts = rows.slice(first).map((row) => row[labelColumn] ?? "");
  const isNumeric = texts.every((text) => /^-?\d{1,9}$/.test(text));
  const values = isNumeric ? texts.map(Number) : texts;
  const { labels, classes } = labelsOf(values, table, (image) => starts[first + image]);
  return { classes, files: files.map((file, index) => [labels[index], file]) };
}

function rowsOf(bytes: Uint8Array, place: string): { rows: string[][]; starts: number[] } {
  const from = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const text: Text = { bytes, place, separator: separatorOf(bytes, from) };
  const rows: string[][] = [];
  const starts: number[] = [];
  for (let at = from; at < bytes.length && !onlyBlanks(bytes, at); ) {
    if (rows.length > limits.pictures) throw unreadable(place, at, `${limits.pictures} rows`, "more", "split it");
    const { fields, next } = rowAt(text, at);
    rows.push(fields.map((field) => field.trim()));
    starts.push(at);
    at = next;
  }
  return { rows, starts };
}

/** Which column names the files and which has the labels, and the first row that is no header. */
function columnsIn(rows: readonly (readonly string[])[], byName: ReadonlyMap<string, string>, place: string) {
  const refuse = (expected: string, actual: string, remedy: string) => unreadable(place, 0, expected, actual, remedy);
  const looked = rows.slice(0, 20);
  const nameColumn = (looked[0] ?? []).findIndex((_, column) => looked.some((row) => byName.has(row[column] ?? "")));
  if (nameColumn < 0) {
    const actual = looked.length === 0 ? "no row" : looked[0].map(shown).join(", ");
    throw refuse("a column with the names of the pictures", actual, "give a table of two columns: file,label");
  }
  const header = byName.has(rows[0][nameColumn]) ? undefined : rows[0].map((name) => name.toLowerCase());
  const others = rows[0].flatMap((_, column) => (column === nameColumn ? [] : [column]));
  const named = others.filter((column) => header !== undefined && labelNames.includes(header[column]));
  const [labelColumn] = others.length === 1 ? others : named.length === 1 ? named : [];
  if (labelColumn === undefined) {
    const remedy = `leave two columns, or call the one of the labels ${labelNames[0]}`;
    throw refuse("one column of labels", others.length === 0 ? "none" : rows[0].map(shown).join(", "), remedy);
  }
  return { nameColumn, labelColumn, first: header === undefined ? 0 : 1 };
}

function withoutEnding(name: string): string {
  return name.replace(/\.[^.]*$/, "");
}
