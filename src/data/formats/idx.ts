import { bytesOf, type ElementType, type NumberArray } from "../../files/number-array.ts";
import { takeAgain, unreadable } from "../../files/unreadable.ts";

// The idx form of MNIST: two zero bytes, a type, the number of axes, a big-endian length for each, then the elements.

const types: Readonly<Record<number, ElementType>> = { 8: "u1", 9: "i1", 11: "i2", 12: "i4", 13: "f4", 14: "f8" };

/** Whether the first bytes can be those of an idx file. */
export function isIdx(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && bytes[0] === 0 && bytes[1] === 0 && types[bytes[2]] !== undefined && bytes[3] > 0;
}

/** @throws Fault `data` for a file that is not as long as its header says */
export function readIdx(bytes: Uint8Array, place: string): NumberArray {
  if (!isIdx(bytes)) {
    throw unreadable(place, 0, "an idx header", `${[...bytes.subarray(0, 4)].join(" ") || "nothing"}`, takeAgain);
  }
  const type = types[bytes[2]];
  const at = 4 + 4 * bytes[3];
  if (bytes.length < at) throw unreadable(place, 4, `${bytes[3]} lengths`, `${bytes.length} bytes in all`, takeAgain);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const shape = Array.from({ length: bytes[3] }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = bytesOf(type, shape, place, 4);
  if (bytes.length !== at + size) {
    const expected = `${size} bytes for the shape [${shape.join(", ")}]`;
    throw unreadable(place, at, expected, `${bytes.length - at}`, takeAgain);
  }
  return { type, shape, isColumnMajor: false, isLittleEndian: false, bytes: bytes.subarray(at), at };
}

/**
 * The names that the labels of an images file can have beside it: `train-images-idx3-ubyte.gz` has
 * `train-labels-idx1-ubyte.gz`, or the same without .gz.
 */
export function idxLabelsNames(name: string): string[] {
  const labels = name.replace(/images/i, (word) => (word === "IMAGES" ? "LABELS" : "labels")).replace(/idx\d/i, "idx1");
  if (labels === name) return [];
  return /\.gz$/i.test(labels) ? [labels, labels.slice(0, -3)] : [labels, `${labels}.gz`];
}
