import { limits } from "./limits.ts";
import { bytesOf, isElementType, isTexts, type NamedValue, type NumberArray } from "./number-array.ts";
import { textArray, typeWord } from "./numpy-type.ts";
import { shown, takeAgain, unreadable } from "./unreadable.ts";

// NumPy's .npy (NEP 1): magic, version, the length of a header, the header as a Python dictionary, then the elements.

const magic = "\x93NUMPY";

export function isNpy(bytes: Uint8Array): boolean {
  return bytes.length >= 10 && [...magic].every((character, index) => bytes[index] === character.charCodeAt(0));
}

/** @throws Fault `data` for anything but numbers in C or Fortran order, exactly as many as the header says */
export function readNpy(bytes: Uint8Array, place: string): NumberArray {
  const value = readNpyValue(bytes, place);
  if (typeof value === "object" && !isTexts(value)) return value;
  const remedy = "save arrays of numbers: images as uint8, labels as int64";
  const actual = typeof value === "string" ? value : "texts";
  throw unreadable(place, 10, "an array of whole or floating-point numbers", actual, remedy);
}

/**
 * Numbers in C or Fortran order, a line of texts, or a word on what else it holds.
 * @throws Fault `data` for a damaged file
 */
export function readNpyValue(bytes: Uint8Array, place: string): NamedValue {
  if (!isNpy(bytes)) throw unreadable(place, 0, "an .npy file", "something else", takeAgain);
  const version = bytes[6];
  if (version < 1 || version > 3) throw unreadable(place, 6, "version 1, 2 or 3", `${version}`, takeAgain);
  const from = version === 1 ? 10 : 12;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = version === 1 ? view.getUint16(8, true) : bytes.length >= 12 ? view.getUint32(8, true) : 0;
  const most = Math.min(bytes.length - from, limits.nameBytes);
  if (length > most) throw unreadable(place, 8, `a header of at most ${most} bytes`, `${length}`, takeAgain);
  const at = from + length;
  const { descr, isColumnMajor, shape } = header(latin1(bytes.subarray(from, at)), place, from);
  const plain = elementType(descr);
  if (plain === undefined) return textArray(descr, shape, bytes.subarray(at), at) ?? typeWord(descr);
  const { type, isLittleEndian } = plain;
  const size = bytesOf(type, shape, place, from);
  if (bytes.length - at !== size) {
    throw unreadable(place, at, `${size} bytes for the shape [${shape.join(", ")}]`, `${bytes.length - at}`, takeAgain);
  }
  return { type, shape, isColumnMajor, isLittleEndian, bytes: bytes.subarray(at), at };
}

/** NumPy's word for a type of numbers, `<f8`: byte order, kind, bytes. Undefined for any other type. */
export function elementType(descr: string) {
  const order = /^[<>|=]/.test(descr) ? descr[0] : "|";
  const type = order === "|" && !/^[<>|=]/.test(descr) ? descr : descr.slice(1);
  return isElementType(type) ? { type, isLittleEndian: order !== ">" } : undefined;
}

// The keys as NumPy writes them, in any order; a type is a text, and a list of fields is no array of numbers.
function header(text: string, place: string, at: number) {
  const descr = text.match(/'descr'\s*:\s*(?:'([^']*)'|\[)/);
  const order = text.match(/'fortran_order'\s*:\s*(True|False)/);
  const shape = text.match(/'shape'\s*:\s*\(([\d\s,L]*)\)/);
  if (descr === null || order === null || shape === null) {
    throw unreadable(place, at, "a header with descr, fortran_order and shape", shown(text), takeAgain);
  }
  const lengths = shape[1].match(/\d+/g) ?? [];
  return { descr: descr[1] ?? "V", isColumnMajor: order[1] === "True", shape: lengths.map(Number) };
}

/** A text of single bytes. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let from = 0; from < bytes.length; from += 8192) {
    text += String.fromCharCode(...bytes.subarray(from, from + 8192));
  }
  return text;
}
