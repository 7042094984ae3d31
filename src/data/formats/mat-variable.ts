import { limits } from "../../files/limits.ts";
import { latin1 } from "../../files/npy.ts";
import {
  bytesOf,
  type ElementType,
  type NamedValue,
  type NumberArray,
  type TextArray,
} from "../../files/number-array.ts";
import { shown, takeAgain, unreadable } from "../../files/unreadable.ts";
import { type Element, elementAt, type Source } from "./mat-element.ts";

// A variable of a MAT-file: flags, dimensions, a name, and what its class says: numbers, text, or other variables.

const [miMatrix, miUtf8] = [14, 16];
const [cellClass, structClass, textClass, uint64Class, functionClass, opaqueClass] = [1, 2, 4, 15, 16, 17];
/** How numbers are stored (miINT8 ...), which may be narrower than the class of the variable. */
// biome-ignore format: a table
const stored: Readonly<Record<number, ElementType>> = {
  1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8",
};
/** Bytes of a character by how a text is stored: miINT8, miUINT8, miUINT16, miUTF8 (alike where it is ASCII), miUTF16. */
const characterBytes: Readonly<Record<number, 1 | 2>> = { 1: 1, 2: 1, 4: 2, 16: 1, 17: 2 };
/** Classes of variables that are not numbers, by their number. */
const words: Readonly<Record<number, string>> = {
  1: "a cell array",
  2: "a struct",
  3: "an object",
  4: "text",
  5: "a sparse matrix",
  [functionClass]: "a function handle",
};

/** Adds a variable to `arrays` (added to) under its name, those of a struct as `struct.field`, those of a cell array as `cell{1}`. */
export function addVariable(arrays: Map<string, NamedValue>, source: Source, { from, length }: Element): void {
  if (length === 0) return;
  const head = headOf(source, from, from + length);
  // Where MATLAB keeps its objects' content: it has no name and is nobody's data.
  if (head.name === "") return;
  add(arrays, source, head, head.name, 0);
}

interface Head {
  readonly kind: number;
  readonly isComplex: boolean;
  readonly shape: readonly number[];
  /** Where the dimensions lie. */
  readonly shapeAt: number;
  readonly name: string;
  /** Of what its class has after the name. */
  readonly from: number;
  readonly end: number;
}

function headOf(source: Source, from: number, end: number): Head {
  const { bytes, place, isLittleEndian } = source;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const flags = elementAt(source, from, end);
  if (flags.type !== 6 || flags.length !== 8) {
    throw unreadable(place, from, "the flags of a variable", `an element of type ${flags.type}`, takeAgain);
  }
  const word = view.getUint32(flags.from, isLittleEndian);
  const kind = word & 0xff;
  const isComplex = (word & 0x800) !== 0;
  // What MATLAB keeps as an object of its own (string, table, datetime, ...) has no dimensions here.
  const [shape, next] = kind === opaqueClass ? [[], flags.next] : dimensionsOf(source, flags.next, end);
  const title = elementAt(source, next, end);
  if ((title.type !== 1 && title.type !== miUtf8) || title.length > limits.nameBytes) {
    throw unreadable(place, next, "the name of a variable", `type ${title.type}`, takeAgain);
  }
  const name = latin1(bytes.subarray(title.from, title.from + title.length));
  return { kind, isComplex, shape, shapeAt: flags.next, name, from: title.next, end };
}

function dimensionsOf(source: Source, at: number, end: number): [shape: number[], next: number] {
  const { bytes, place, isLittleEndian } = source;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { type, from, length, next } = elementAt(source, at, end);
  // Some writers say unsigned.
  if ((type !== 5 && type !== 6) || length % 4 !== 0) {
    throw unreadable(place, at, "the dimensions of a variable", `type ${type}`, takeAgain);
  }
  if (length > 4 * limits.axes) {
    throw unreadable(place, at, `at most ${limits.axes} axes`, `${length / 4}`, takeAgain);
  }
  return [Array.from({ length: length / 4 }, (_, axis) => view.getInt32(from + 4 * axis, isLittleEndian)), next];
}

function add(arrays: Map<string, NamedValue>, source: Source, head: Head, name: string, depth: number): void {
  if (head.kind === structClass && isSingle(head.shape) && depth < limits.depth) {
    for (const [field, inner] of fieldsOf(source, head)) {
      if (inner !== undefined) add(arrays, source, inner, `${name}.${field}`, depth + 1);
    }
    return;
  }
  const cells = head.kind === cellClass && depth < limits.depth ? cellsOf(source, head) : undefined;
  if (cells !== undefined) {
    for (const [at, inner] of cells.entries()) add(arrays, source, inner, `${name}{${at + 1}}`, depth + 1);
    return;
  }
  if (arrays.has(name)) {
    throw unreadable(source.place, head.from, "each name once", `${shown(name)} twice`, takeAgain);
  }
  if (arrays.size === limits.names) {
    throw unreadable(source.place, head.from, `at most ${limits.names} variables`, "more", "save fewer");
  }
  arrays.set(name, contentOf(source, head));
}

function contentOf(source: Source, head: Head): NamedValue {
  const { kind, isComplex } = head;
  if (kind === opaqueClass) return "a MATLAB object";
  if (kind === textClass) return textsIn(source, head) ?? words[kind];
  if (kind === cellClass) return cellTexts(source, head) ?? words[kind];
  if (kind < 6 || kind > uint64Class) return words[kind] ?? `a variable of class ${kind}`;
  if (isComplex) return "complex numbers";
  return numbersIn(source, head);
}

function numbersIn(source: Source, { shape, shapeAt, from, end }: Head): NumberArray {
  const { bytes, place, isLittleEndian } = source;
  const values = elementAt(source, from, end);
  const type = stored[values.type];
  if (type === undefined) throw unreadable(place, from, "numbers", `type ${values.type}`, takeAgain);
  const size = bytesOf(type, shape, place, shapeAt);
  if (values.length !== size) {
    const expected = `${size} bytes for the shape [${shape.join(", ")}]`;
    throw unreadable(place, values.from, expected, `${values.length}`, takeAgain);
  }
  const content = bytes.subarray(values.from, values.from + size);
  return { type, shape, isColumnMajor: true, isLittleEndian, bytes: content, at: values.from };
}

/** The rows of a matrix of characters, without the blanks that make them equally long; undefined for what is none. */
function textsIn(source: Source, { shape, from, end }: Head): TextArray | undefined {
  const [rows, columns] = shape;
  const { type, from: at, length } = elementAt(source, from, end);
  const each = characterBytes[type];
  if (shape.length !== 2 || each === undefined || length > limits.nameBytes * 16) return undefined;
  if (length === 0) return { texts: [""], shape: [1], at };
  if (rows < 1 || rows * columns * each !== length) return undefined;
  const view = new DataView(source.bytes.buffer, source.bytes.byteOffset + at, length);
  const code = (index: number) =>
    each === 1 ? view.getUint8(index) : view.getUint16(2 * index, source.isLittleEndian);
  const texts = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => String.fromCharCode(code(column * rows + row)))
      .join("")
      .trimEnd(),
  );
  return { texts, shape: [rows], at };
}

/** The texts of a cell array that holds nothing else; undefined for another. */
function cellTexts(source: Source, { shape, from, end }: Head): TextArray | undefined {
  const count = shape.reduce((product, length) => product * length, 1);
  const texts: string[] = [];
  for (let at = from; texts.length < count && at < end; ) {
    const element = elementAt(source, at, end);
    const inner = cellOf(source, element);
    const text = inner?.kind === textClass ? textsIn(source, inner) : undefined;
    if (text?.texts.length !== 1) return undefined;
    texts.push(text.texts[0]);
    at = element.next;
  }
  return texts.length === count ? { texts, shape, at: from } : undefined;
}

/** Cells that are looked into: as many as a network has layers, not a data set's images. */
const mostCells = 64;

/** What lies in a cell array that holds numbers, structs or such cells, and nothing else; undefined for another. */
function cellsOf(source: Source, { shape, from, end }: Head): Head[] | undefined {
  const count = shape.reduce((product, length) => product * length, 1);
  if (count < 1 || count > mostCells) return undefined;
  const cells: Head[] = [];
  for (let at = from; cells.length < count; ) {
    if (at >= end) return undefined;
    const element = elementAt(source, at, end);
    const inner = cellOf(source, element);
    if (inner === undefined || !isNested(inner.kind)) return undefined;
    cells.push(inner);
    at = element.next;
  }
  return cells;
}

function isNested(kind: number): boolean {
  return kind === cellClass || kind === structClass || (kind >= 6 && kind <= uint64Class);
}

/** The head of a variable inside another; undefined for an empty one. */
function cellOf(source: Source, { type, from, length }: Element): Head | undefined {
  return type === miMatrix && length > 0 ? headOf(source, from, from + length) : undefined;
}

function isSingle(shape: readonly number[]): boolean {
  return shape.every((length) => length === 1);
}

/** A struct's fields: the length of a name, the names padded with zeros, then a variable each. */
function* fieldsOf(source: Source, { from, end }: Head): Generator<[name: string, inner: Head | undefined]> {
  const { bytes, place, isLittleEndian } = source;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = elementAt(source, from, end);
  const names = elementAt(source, size.next, end);
  const length = size.length >= 4 ? view.getInt32(size.from, isLittleEndian) : 0;
  if (length < 1 || names.length % length !== 0 || names.length / length > limits.names) {
    throw unreadable(place, from, "the names of a struct's fields", `${names.length} bytes`, takeAgain);
  }
  let at = names.next;
  for (let field = 0; field < names.length; field += length) {
    const name = latin1(bytes.subarray(names.from + field, names.from + field + length)).replace(/\0.*$/s, "");
    const element = elementAt(source, at, end);
    yield [name, cellOf(source, element)];
    at = element.next;
  }
}
