import { inflateSync } from "node:zlib";
import { inflate, requireModest } from "../../files/inflate.node.ts";
import { limits } from "../../files/limits.ts";
import { latin1 } from "../../files/npy.ts";
import { bytesOf, type ElementType, type NamedArrays, type NumberArray } from "../../files/number-array.ts";
import { shown, takeAgain, unreadable } from "../../files/unreadable.ts";

// MATLAB's MAT-file, level 5 ("MAT-File Format", The MathWorks, chapter 1): a header of 128 bytes, then data elements. Each has a
// tag (type and length), its bytes, and padding to 8; small ones lie inside the tag. A variable is an element of elements.

const headerBytes = 128;
const [miMatrix, miCompressed, miUtf8] = [14, 15, 16];
/** How numbers are stored (miINT8 ...), which may be narrower than the class of the variable. */
// biome-ignore format: a table
const stored: Readonly<Record<number, ElementType>> = {
  1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8",
};
/** Classes of variables that are not numbers, by their number. */
const others = ["", "a cell array", "a struct", "an object", "text", "a sparse matrix"];
const uint64Class = 15;

/** Whether these are the first bytes of a MAT-file: 5 by its version, 7.3 by its words. */
export function matVersion(bytes: Uint8Array): "5" | "7.3" | undefined {
  if (bytes.length < headerBytes) return undefined;
  const text = latin1(bytes.subarray(0, 20));
  if (text.startsWith("MATLAB 7.3")) return "7.3";
  const [a, b, c, d] = bytes.subarray(124, 128);
  const isFive = (a === 0 && b === 1 && c === 0x49 && d === 0x4d) || (a === 1 && b === 0 && c === 0x4d && d === 0x49);
  return isFive || text.startsWith("MATLAB 5.0") ? "5" : undefined;
}

/** @throws Fault `data` for a damaged file; a variable that is no full matrix of numbers is named, and passed over */
export function readMat(bytes: Uint8Array, place: string): NamedArrays {
  if (matVersion(bytes) !== "5") throw unreadable(place, 0, "a MAT-file of level 5", "something else", saveAs7);
  const order = latin1(bytes.subarray(126, 128));
  if (order !== "IM" && order !== "MI") {
    throw unreadable(place, 126, "the byte order IM or MI", shown(order), takeAgain);
  }
  const isLittleEndian = order === "IM";
  const arrays = new Map<string, NumberArray | string>();
  let total = 0;
  for (let at = headerBytes, count = 0; at < bytes.length; count++) {
    if (count === limits.names) throw unreadable(place, at, `at most ${limits.names} variables`, "more", saveAs7);
    const element = elementAt({ bytes, place, isLittleEndian }, at, bytes.length);
    at = element.type === miCompressed ? element.from + element.length : element.next;
    const inside = element.type === miCompressed ? unpacked(bytes, element, place, isLittleEndian, total) : bytes;
    if (inside !== bytes) total += inside.length;
    const within = inside === bytes ? place : `${place}[unpacked, from byte ${element.from}]`;
    const source = { bytes: inside, place: within, isLittleEndian };
    const outer = inside === bytes ? element : elementAt(source, 0, inside.length);
    if (outer.type !== miMatrix) continue;
    const [name, value] = variable(source, outer);
    if (arrays.has(name)) throw unreadable(place, at, "each name once", `${shown(name)} twice`, takeAgain);
    arrays.set(name, value);
  }
  return arrays;
}

const saveAs7 = "save it in MATLAB with -v7, or in Python with scipy.io.savemat";

interface Source {
  readonly bytes: Uint8Array;
  readonly place: string;
  readonly isLittleEndian: boolean;
}

interface Element {
  readonly type: number;
  readonly from: number;
  readonly length: number;
  /** Where the next one begins. */
  readonly next: number;
}

/** The element at byte `at`, which ends by byte `end`. */
function elementAt({ bytes, place, isLittleEndian }: Source, at: number, end: number): Element {
  if (at + 8 > end) throw unreadable(place, at, "a tag of 8 bytes", `${Math.max(0, end - at)}`, takeAgain);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const first = view.getUint32(at, isLittleEndian);
  const small = first >>> 16;
  if (small > 0) {
    if (small > 4) throw unreadable(place, at, "a small element of at most 4 bytes", `${small}`, takeAgain);
    return { type: first & 0xffff, from: at + 4, length: small, next: at + 8 };
  }
  const length = view.getUint32(at + 4, isLittleEndian);
  if (length > end - at - 8) {
    throw unreadable(place, at + 4, `an element of at most ${end - at - 8} bytes`, `${length}`, takeAgain);
  }
  // The last element of a file or variable need not be padded.
  return { type: first, from: at + 8, length, next: Math.min(end, at + 8 + length + ((8 - (length % 8)) % 8)) };
}

/** A compressed element's content: its own tag, unpacked first, says how long it is. */
function unpacked(
  bytes: Uint8Array,
  { from, length }: Element,
  place: string,
  isLittleEndian: boolean,
  before: number, // bytes unpacked before
): Uint8Array {
  const packed = bytes.subarray(from, from + length);
  let tag: Uint8Array;
  try {
    // Z_SYNC_FLUSH (2): give what the first bytes hold, though the stream goes on.
    tag = inflateSync(packed.subarray(0, 1024), { finishFlush: 2, maxOutputLength: 2 ** 21 });
  } catch (cause) {
    throw unreadable(place, from, "data packed with zlib", `damaged data (${(cause as Error).message})`, takeAgain);
  }
  if (tag.length < 8) throw unreadable(place, from, "a packed tag of 8 bytes", `${tag.length}`, takeAgain);
  const view = new DataView(tag.buffer, tag.byteOffset, tag.length);
  const size = 8 + view.getUint32(4, isLittleEndian);
  requireModest(before + size, bytes.length, place, from);
  return inflate(packed, "zlib", size, place, from);
}

/** A variable's name and numbers, or a word on what it is instead. */
function variable(source: Source, { from, length }: Element): [name: string, value: NumberArray | string] {
  const { bytes, place, isLittleEndian } = source;
  const end = from + length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const flags = elementAt(source, from, end);
  if (flags.type !== 6 || flags.length !== 8) {
    throw unreadable(place, from, "the flags of a variable", `an element of type ${flags.type}`, takeAgain);
  }
  const word = view.getUint32(flags.from, isLittleEndian);
  const dimensions = elementAt(source, flags.next, end);
  // Some writers say unsigned.
  if ((dimensions.type !== 5 && dimensions.type !== 6) || dimensions.length % 4 !== 0) {
    throw unreadable(place, flags.next, "the dimensions of a variable", `type ${dimensions.type}`, takeAgain);
  }
  if (dimensions.length > 4 * limits.axes) {
    throw unreadable(place, flags.next, `at most ${limits.axes} axes`, `${dimensions.length / 4}`, takeAgain);
  }
  const shape = Array.from({ length: dimensions.length / 4 }, (_, axis) =>
    view.getInt32(dimensions.from + 4 * axis, isLittleEndian),
  );
  const title = elementAt(source, dimensions.next, end);
  if ((title.type !== 1 && title.type !== miUtf8) || title.length > limits.nameBytes) {
    throw unreadable(place, dimensions.next, "the name of a variable", `type ${title.type}`, takeAgain);
  }
  const name = latin1(bytes.subarray(title.from, title.from + title.length));
  const kind = word & 0xff;
  if (kind < 6 || kind > uint64Class) return [name, others[kind] || `a variable of class ${kind}`];
  if ((word & 0x800) !== 0) return [name, "complex numbers"];
  const values = elementAt(source, title.next, end);
  const type = stored[values.type];
  if (type === undefined) throw unreadable(place, title.next, "numbers", `type ${values.type}`, takeAgain);
  const size = bytesOf(type, shape, place, dimensions.from);
  if (values.length !== size) {
    const expected = `${size} bytes for the shape [${shape.join(", ")}]`;
    throw unreadable(place, values.from, expected, `${values.length}`, takeAgain);
  }
  const content = bytes.subarray(values.from, values.from + size);
  return [name, { type, shape, isColumnMajor: true, isLittleEndian, bytes: content, at: values.from }];
}
