import { limits } from "../../files/limits.ts";
import { latin1 } from "../../files/npy.ts";
import type { NamedArrays, NamedValue } from "../../files/number-array.ts";
import { requireModest, type Unpacker } from "../../files/unpacker.ts";
import { shown, takeAgain, unreadable } from "../../files/unreadable.ts";
import { type Element, elementAt } from "./mat-element.ts";
import { addVariable } from "./mat-variable.ts";

// MATLAB's MAT-file, level 5: a header of 128 bytes, then data elements (`mat-element.ts`), each a variable (`mat-variable.ts`),
// packed or not.

const headerBytes = 128;
const [miMatrix, miCompressed] = [14, 15];

/** Whether these are the first bytes of a MAT-file: 5 by its version, 7.3 by its words. */
export function matVersion(bytes: Uint8Array): "5" | "7.3" | undefined {
  if (bytes.length < headerBytes) return undefined;
  const text = latin1(bytes.subarray(0, 20));
  if (text.startsWith("MATLAB 7.3")) return "7.3";
  const [a, b, c, d] = bytes.subarray(124, 128);
  const isFive = (a === 0 && b === 1 && c === 0x49 && d === 0x4d) || (a === 1 && b === 0 && c === 0x4d && d === 0x49);
  return isFive || text.startsWith("MATLAB 5.0") ? "5" : undefined;
}

/** @throws Fault `data` for a damaged file; a variable that is neither numbers nor texts is named, and passed over */
export function readMat(bytes: Uint8Array, place: string, unpacker: Unpacker): NamedArrays {
  if (matVersion(bytes) !== "5") throw unreadable(place, 0, "a MAT-file of level 5", "something else", saveAs7);
  const order = latin1(bytes.subarray(126, 128));
  if (order !== "IM" && order !== "MI") {
    throw unreadable(place, 126, "the byte order IM or MI", shown(order), takeAgain);
  }
  const isLittleEndian = order === "IM";
  const arrays = new Map<string, NamedValue>();
  let total = 0;
  for (let at = headerBytes, count = 0; at < bytes.length; count++) {
    if (count === limits.names) throw unreadable(place, at, `at most ${limits.names} variables`, "more", saveAs7);
    const element = elementAt({ bytes, place, isLittleEndian }, at, bytes.length);
    at = element.type === miCompressed ? element.from + element.length : element.next;
    const inside =
      element.type === miCompressed ? unpacked(bytes, element, place, isLittleEndian, total, unpacker) : bytes;
    if (inside !== bytes) total += inside.length;
    const within = inside === bytes ? place : `${place}[unpacked, from byte ${element.from}]`;
    const source = { bytes: inside, place: within, isLittleEndian };
    const outer = inside === bytes ? element : elementAt(source, 0, inside.length);
    if (outer.type !== miMatrix) continue;
    addVariable(arrays, source, outer);
  }
  return arrays;
}

const saveAs7 = "save it in MATLAB with -v7, or in Python with scipy.io.savemat";

/** A compressed element's content: its own tag, unpacked first, says how long it is. */
function unpacked(
  bytes: Uint8Array,
  { from, length }: Element,
  place: string,
  isLittleEndian: boolean,
  before: number, // bytes unpacked before
  { inflate, beginning }: Unpacker,
): Uint8Array {
  const packed = bytes.subarray(from, from + length);
  let tag: Uint8Array;
  try {
    tag = beginning(packed.subarray(0, 1024));
  } catch (cause) {
    throw unreadable(place, from, "data packed with zlib", `damaged data (${(cause as Error).message})`, takeAgain);
  }
  if (tag.length < 8) throw unreadable(place, from, "a packed tag of 8 bytes", `${tag.length}`, takeAgain);
  const view = new DataView(tag.buffer, tag.byteOffset, tag.length);
  const size = 8 + view.getUint32(4, isLittleEndian);
  requireModest(before + size, bytes.length, place, from);
  return inflate(packed, "zlib", size, place, from);
}
