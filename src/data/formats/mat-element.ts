import { takeAgain, unreadable } from "../../files/unreadable.ts";

// A MAT-file of level 5 is made of data elements ("MAT-File Format", The MathWorks, chapter 1): a tag (type and length), bytes,
// and padding to 8; small ones lie inside the tag. A variable is an element of elements.

export interface Source {
  readonly bytes: Uint8Array;
  readonly place: string;
  readonly isLittleEndian: boolean;
}

export interface Element {
  readonly type: number;
  readonly from: number;
  readonly length: number;
  /** Where the next one begins. */
  readonly next: number;
}

/** The element at byte `at`, which ends by byte `end`. @throws Fault `data` for one that does not fit */
export function elementAt({ bytes, place, isLittleEndian }: Source, at: number, end: number): Element {
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
