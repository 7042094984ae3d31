import { Fault } from "../fault/fault.ts";
import type { NamedTensors } from "./safetensors.ts";

/** Bytes of the longest header that is read: some ten thousand tensors. */
const LONGEST_HEADER = 2 ** 20;

const arrays = { F32: Float32Array, F64: Float64Array, U8: Uint8Array, I32: Int32Array } as const;

interface Entry {
  readonly name: string;
  readonly dtype: keyof typeof arrays;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * The tensors and the metadata of a safetensors file. Values are copied; nothing is allocated before its size is known to
 * lie within `bytes`, and the tensors tile the data, without a hole or an overlap.
 * @throws Fault `data` naming `place`, for any bytes that are no such file.
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  place: string,
): { readonly tensors: NamedTensors; readonly metadata: Readonly<Record<string, string>> } {
  const { header, data } = separated(bytes, place);
  const { __metadata__: metadata = {}, ...rest } = header;
  if (!isObject(metadata) || !Object.values(metadata).every((value) => typeof value === "string")) {
    throw fault(place, "__metadata__ is not an object of texts");
  }
  const entries = Object.entries(rest).map(([name, described]) => entryOf(name, described, place));
  requireTiling(entries, data.length, place);
  // Object.fromEntries makes own properties of all names, "__proto__" too.
  const tensors = Object.fromEntries(
    entries.map(({ name, dtype, shape, begin, end }) => {
      // Not slice(): a Node Buffer, as readFile gives it, has one that copies nothing.
      const { buffer } = new Uint8Array(data.subarray(begin, end));
      return [name, { shape, values: new arrays[dtype](buffer) }] as const;
    }),
  );
  return { tensors, metadata: metadata as Readonly<Record<string, string>> };
}

/** The header, parsed, and the bytes after it. */
function separated(bytes: Uint8Array, place: string): { header: Record<string, unknown>; data: Uint8Array } {
  if (bytes.length < 8) throw fault(place, `${bytes.length} bytes, expected at least the 8 of the header's length`);
  const announced = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  const most = Math.min(LONGEST_HEADER, bytes.length - 8);
  if (announced > BigInt(most)) {
    const why = most === LONGEST_HEADER ? "the most that is read" : "all that follow";
    throw fault(place, `at byte 0: a header of ${announced} bytes, expected at most ${most}, ${why}`);
  }
  const end = 8 + Number(announced);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, end)));
  } catch (cause) {
    throw fault(place, `bytes 8 to ${end}: the header is not JSON in UTF-8`, cause);
  }
  if (!isObject(header)) throw fault(place, `bytes 8 to ${end}: the header is not a JSON object`);
  return { header, data: bytes.subarray(end) };
}

function entryOf(name: string, described: unknown, place: string): Entry {
  const wrong = (complaint: string) => fault(place, `tensor ${JSON.stringify(name)}: ${complaint}`);
  if (!isObject(described)) throw wrong("its description is not a JSON object");
  const { dtype, shape, data_offsets: offsets } = described;
  if (typeof dtype !== "string" || !Object.hasOwn(arrays, dtype)) {
    throw wrong(`dtype ${shown(dtype)}, expected one of ${Object.keys(arrays).join(", ")}`);
  }
  if (!isSizes(shape)) throw wrong(`shape ${shown(shape)}, expected whole numbers from 0`);
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw wrong(`data_offsets ${shown(offsets)}, expected where its bytes begin and end`);
  }
  const [begin, end] = offsets;
  const kind = dtype as keyof typeof arrays;
  let size = arrays[kind].BYTES_PER_ELEMENT;
  for (const extent of shape) {
    size *= extent;
    if (!Number.isSafeInteger(size)) throw wrong(`shape ${shown(shape)} has more numbers than can be counted`);
  }
  if (size !== end - begin) {
    throw wrong(`${end - begin} bytes from offset ${begin}, expected ${size} for ${dtype} ${shown(shape)}`);
  }
  return { name, dtype: kind, shape, begin, end };
}

function requireTiling(entries: readonly Entry[], length: number, place: string): void {
  let at = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) {
      const actual = `${begin > at ? "a hole" : "an overlap"}: it begins at offset ${begin}`;
      throw fault(place, `tensor ${JSON.stringify(name)}: ${actual}, expected ${at}`);
    }
    at = end;
  }
  if (at !== length) throw fault(place, `${length} bytes of data after the header, expected ${at}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** A value of the header as JSON, cut where it is long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "absent";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function fault(place: string, complaint: string, cause?: unknown): Fault {
  const remedy = "give a whole safetensors file, as it was written";
  return new Fault("data", place, complaint, remedy, { cause });
}
