import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Fault } from "../fault/fault.ts";
import { decodeSafetensors } from "./decode-safetensors.ts";
import { encodeSafetensors, type NamedTensors } from "./safetensors.ts";

const tensors: NamedTensors = {
  W1: { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, Number.NaN) },
  scale: { shape: [2], values: Float64Array.of(0.1, -0) },
  labels: { shape: [3], values: Uint8Array.of(7, 8, 9) },
  order: { shape: [2, 1], values: Int32Array.of(-1, 2 ** 31 - 1) },
  lambda: { shape: [], values: Float64Array.of(0.1) },
  none: { shape: [0, 4], values: new Float32Array(0) },
};
const metadata = { about: "naïve", empty: "" };

/** A file of this header and so many bytes of data. */
function file(header: unknown, data = 0): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

function refusal(bytes: Uint8Array): Fault {
  try {
    decodeSafetensors(bytes, "a.safetensors");
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error("was accepted");
}

test("what was encoded comes back, wherever the bytes lie", () => {
  const bytes = encodeSafetensors(tensors, metadata);
  const odd = new Uint8Array(bytes.length + 3);
  odd.set(bytes, 3);
  // A Buffer, as readFile gives it, has a slice() of its own.
  for (const input of [bytes, odd.subarray(3), Buffer.from(bytes)]) {
    const decoded = decodeSafetensors(input, "a.safetensors");
    expect(decoded).toEqual({ tensors, metadata });
    expect(decoded.tensors.W1.values.buffer).not.toBe(input.buffer);
  }
  // No tensors and no metadata, as other writers leave it out.
  expect(decodeSafetensors(file({}), "")).toEqual({ tensors: {}, metadata: {} });
});

test("a tensor called __proto__ is a tensor", () => {
  const header = '{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}';
  const decoded = decodeSafetensors(file(header, 1), "").tensors;
  expect(Object.keys(decoded)).toEqual(["__proto__"]);
  expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
  expect(Object.hasOwn({}, "dtype")).toBe(false);
});

describe("refused", () => {
  const u8 = (begin: number, end: number, shape: unknown = [end - begin]) => ({
    dtype: "U8",
    shape,
    data_offsets: [begin, end],
  });
  const long = new Uint8Array(2 ** 20 + 100);
  new DataView(long.buffer).setBigUint64(0, BigInt(2 ** 20 + 1), true);
  test.each<[why: string, bytes: Uint8Array, complaint: string]>([
    ["nothing", new Uint8Array(0), "0 bytes, expected at least the 8 of the header's length"],
    [
      "a header beyond the end",
      file({}).subarray(0, 9),
      "at byte 0: a header of 2 bytes, expected at most 1, all that follow",
    ],
    [
      "a header of 2^64 - 1 bytes",
      new Uint8Array(16).fill(255),
      "a header of 18446744073709551615 bytes, expected at most 8",
    ],
    ["a long header", long, "a header of 1048577 bytes, expected at most 1048576, the most that is read"],
    ["no JSON", file("{"), "bytes 8 to 9: the header is not JSON in UTF-8"],
    ["no UTF-8", file({ "?": 1 }).fill(255, 10, 11), "the header is not JSON in UTF-8"],
    ["nested arrays", file("[".repeat(100_000)), "the header is not JSON in UTF-8"],
    ["a list", file([1]), "the header is not a JSON object"],
    ["metadata that is no text", file({ __metadata__: { a: 1 } }), "__metadata__ is not an object of texts"],
    ["a number for a tensor", file({ W: 1 }), 'tensor "W": its description is not a JSON object'],
    [
      "another dtype",
      file({ W: { ...u8(0, 2), dtype: "BF16" } }, 2),
      'tensor "W": dtype "BF16", expected one of F32, F64, U8, I32',
    ],
    ["a dtype of all objects", file({ W: { ...u8(0, 2), dtype: "constructor" } }, 2), 'dtype "constructor"'],
    ["no shape", file({ W: { dtype: "U8", data_offsets: [0, 1] } }, 1), "shape absent, expected whole numbers from 0"],
    ["a negative extent", file({ W: u8(0, 1, [-1, -1]) }, 1), "shape [-1,-1], expected whole numbers"],
    ["half an extent", file({ W: u8(0, 1, [0.5, 2]) }, 1), "shape [0.5,2]"],
    ["a product of 2^64", file({ W: u8(0, 0, [2 ** 32, 2 ** 32]) }), "has more numbers than can be counted"],
    ["offsets in reverse", file({ W: u8(2, 1, [1]) }, 2), "data_offsets [2,1], expected where its bytes begin and end"],
    ["three offsets", file({ W: { ...u8(0, 1), data_offsets: [0, 1, 2] } }, 2), "data_offsets [0,1,2]"],
    ["a shape that does not fill", file({ W: u8(0, 5, [2, 3]) }, 5), "5 bytes from offset 0, expected 6 for U8 [2,3]"],
    ["a hole", file({ A: u8(0, 1), B: u8(2, 3) }, 3), 'tensor "B": a hole: it begins at offset 2, expected 1'],
    ["an overlap", file({ A: u8(0, 2), B: u8(1, 3) }, 3), 'tensor "B": an overlap: it begins at offset 1, expected 2'],
    ["the same bytes twice", file({ A: u8(0, 2), B: u8(0, 2) }, 2), 'tensor "B": an overlap'],
    ["truncated data", file({ A: u8(0, 4) }, 3), "3 bytes of data after the header, expected 4"],
    ["bytes after the last tensor", file({ A: u8(0, 4) }, 5), "5 bytes of data after the header, expected 4"],
    [
      "a tensor larger than memory",
      file({ A: u8(0, 2 ** 50) }, 5),
      "5 bytes of data after the header, expected 1125899",
    ],
  ])("%s", (_why, bytes, complaint) => {
    const { code, place, complaint: text, remedy } = refusal(bytes);
    expect(text).toContain(complaint);
    expect({ code, place, remedy }).toEqual({
      code: "data",
      place: "a.safetensors",
      remedy: "give a whole safetensors file, as it was written",
    });
  });
});

interface Change {
  readonly inHeader: number;
  readonly at: number;
  readonly kind: number;
  readonly value: number;
}

test("2,000 altered files: each is refused with a Fault, or is a file that can be written again", () => {
  const original = encodeSafetensors(tensors, metadata);
  const headerEnd = 8 + Number(new DataView(original.buffer).getBigUint64(0, true));
  let refused = 0;
  const change = fc.record({ inHeader: fc.nat(4), at: fc.nat(), kind: fc.nat(4), value: fc.nat(255) });
  const alter = (bytes: Uint8Array, { inHeader, at: place, kind, value }: Change): Uint8Array => {
    const at = place % (inHeader > 0 ? Math.min(headerEnd, bytes.length) : bytes.length);
    if (kind === 3) return bytes.slice(0, Math.max(1, at));
    if (kind === 4) return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1 + (value % 3)), value]);
    const altered = Uint8Array.from(bytes);
    if (kind === 0) altered[at] = value;
    else if (kind === 1) altered[at] ^= 1 << (value % 8);
    else altered[at] = '0123456789,[]{}":'.charCodeAt(value % 17);
    return altered;
  };
  const changes = fc.array(change, { minLength: 1, maxLength: 4 });
  for (const alterations of fc.sample(changes, { numRuns: 2000, seed: 1 })) {
    const bytes = alterations.reduce(alter, Uint8Array.from(original));
    try {
      const decoded = decodeSafetensors(bytes, "altered");
      const total = Object.values(decoded.tensors).reduce((sum, { values }) => sum + values.byteLength, 0);
      const headerLength = Number(new DataView(bytes.buffer).getBigUint64(0, true));
      expect(total).toBe(bytes.length - 8 - headerLength);
      expect(decodeSafetensors(encodeSafetensors(decoded.tensors, decoded.metadata), "again")).toEqual(decoded);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      expect(error.code).toBe("data");
      refused++;
    }
  }
  // Most alterations are of the header, and most of those spoil it.
  expect(refused).toBeGreaterThan(1000);
  expect(refused).toBeLessThan(2000);
});
