import type { Dataset, Group, h5wasm, Reference } from "h5wasm";
import { limits } from "./limits.ts";
import { bytesOf, type ElementType, type NamedValue } from "./number-array.ts";
import { takeAgain, unreadable } from "./unreadable.ts";

/** Where a file says which class of MATLAB's an array has; shapes are reversed then, MATLAB's first axis varying fastest. */
const matlabClass = "MATLAB_class";
/** Where MATLAB keeps the content of cells and objects. */
const hidden = new Set(["#refs#", "#subsystem#"]);

type Named = [name: string, value: NamedValue];

/**
 * The arrays of an HDF5 file, in the order of its groups.
 * @throws Fault `data` for a file that the library cannot read, too many names, and arrays larger than the file can hold
 */
export async function arraysOf(library: typeof h5wasm, bytes: Uint8Array, place: string): Promise<Named[]> {
  const { FS } = await library.ready;
  const path = "/file.h5";
  FS.writeFile(path, bytes);
  const file = guarded(place, () => new library.File(path, "r"));
  // An id of 0 and less is the library's way to say that it could not.
  if (file.file_id <= 0n) throw damaged(place, "it cannot be opened");
  const reader = new Reader(library, place, Math.max(limits.freeBytes, limits.ratio * bytes.length));
  reader.group(file, "", 0);
  return reader.arrays;
}

class Reader {
  readonly arrays: Named[] = [];
  readonly hdf5: typeof h5wasm;
  readonly place: string;
  /** Bytes of values that may still come. */
  room: number;

  constructor(hdf5: typeof h5wasm, place: string, room: number) {
    this.hdf5 = hdf5;
    this.place = place;
    this.room = room;
  }

  group(group: Group, prefix: string, depth: number): void {
    if (depth > limits.depth) throw damaged(this.place, `groups inside each other more than ${limits.depth} times`);
    for (const key of guarded(this.place, () => group.keys())) {
      if (hidden.has(key)) continue;
      const name = `${prefix}${key}`;
      if (this.arrays.length >= limits.names) {
        throw unreadable(this.place, 0, `at most ${limits.names} arrays`, "more", "save those of the images alone");
      }
      const entity = guarded(this.place, () => group.get(key));
      if (entity instanceof this.hdf5.Dataset) this.arrays.push([name, this.value(entity)]);
      else if (!(entity instanceof this.hdf5.Group)) this.arrays.push([name, "a link or a type"]);
      else if ("MATLAB_sparse" in entity.attrs) this.arrays.push([name, "a sparse matrix"]);
      else this.group(entity, `${name}.`, depth + 1);
    }
  }

  value(dataset: Dataset): NamedValue {
    const { metadata, shape } = guarded(this.place, () => dataset);
    const kind = classOf(dataset);
    if (shape === null || "MATLAB_empty" in dataset.attrs) return "an empty array";
    if ("MATLAB_object_decode" in dataset.attrs && kind !== "cell") return "a MATLAB object";
    if (kind === "function_handle") return "a function handle";
    const count = shape.reduce((product, length) => product * length, 1);
    this.take(count * metadata.size);
    if (kind === "cell") return this.texts(dataset, shape) ?? "a cell array";
    if (kind === "char") return { texts: charRows(dataset, shape), shape: [shape[1] ?? 1, 1], at: 0 };
    const value = guarded(this.place, () => dataset.value);
    if (Array.isArray(value) && value.every((text) => typeof text === "string")) {
      return { texts: value as string[], shape, at: 0 };
    }
    if (Array.isArray(value) && value.every((truth) => typeof truth === "boolean")) {
      return numbers("b1", shape, Uint8Array.from(value as boolean[], Number), kind !== undefined, this.place);
    }
    const type = ArrayBuffer.isView(value) ? types[value.constructor.name] : undefined;
    if (type === undefined) return shape.length === 0 ? "a single value" : described(metadata);
    const bytes = new Uint8Array((value as Uint8Array).buffer, (value as Uint8Array).byteOffset, count * metadata.size);
    return numbers(type, shape, bytes.slice(), kind !== undefined, this.place);
  }

  /** The texts of a cell array; undefined where one of its cells is something else. */
  texts(dataset: Dataset, shape: readonly number[]): NamedValue | undefined {
    const references = guarded(this.place, () => dataset.value);
    if (!Array.isArray(references)) return undefined;
    const texts: string[] = [];
    for (const reference of references) {
      const cell: unknown = guarded(this.place, () => dataset.dereference(reference as Reference));
      if (!(cell instanceof this.hdf5.Dataset) || classOf(cell) !== "char" || cell.shape === null) return undefined;
      this.take(cell.metadata.size * cell.shape.reduce((product, length) => product * length, 1));
      const rows = charRows(cell, cell.shape);
      if (rows.length !== 1) return undefined;
      texts.push(rows[0]);
    }
    return { texts, shape: [...shape].reverse(), at: 0 };
  }

  take(bytes: number): void {
    this.room -= bytes;
    if (this.room < 0) {
      const expected = `values of at most ${limits.ratio} times the file`;
      throw unreadable(this.place, 0, expected, "more", "save the images alone, in a file of their own");
    }
  }
}

// biome-ignore format: a table
const types: Readonly<Record<string, ElementType>> = {
  Uint8Array: "u1", Uint16Array: "u2", Uint32Array: "u4", BigUint64Array: "u8", Int8Array: "i1", Int16Array: "i2",
  Int32Array: "i4", BigInt64Array: "i8", Float32Array: "f4", Float64Array: "f8",
};

function numbers(
  type: ElementType,
  shape: readonly number[],
  bytes: Uint8Array,
  isMatlab: boolean,
  place: string,
): NamedValue {
  if (bytes.length !== bytesOf(type, shape, place, 0)) throw damaged(place, "an array is shorter than its shape");
  const axes = isMatlab ? [...shape].reverse() : [...shape];
  return { type, shape: axes, isColumnMajor: isMatlab, isLittleEndian: true, bytes, at: 0 };
}

/** The rows of MATLAB's characters, code units of UTF-16 in columns, without the blanks that make them equally long. */
function charRows(dataset: Dataset, [columns, rows = 1]: readonly number[]): string[] {
  const codes = dataset.value as ArrayLike<number>;
  return Array.from({ length: rows }, (_, row) =>
    String.fromCharCode(
      ...Array.from({ length: columns }, (_, column) => Number(codes[column * rows + row])),
    ).trimEnd(),
  );
}

function classOf(dataset: Dataset): string | undefined {
  const value = dataset.attrs[matlabClass]?.value;
  return typeof value === "string" ? value : undefined;
}

function described({ compound_type: compound }: Dataset["metadata"]): string {
  return compound === undefined ? "an array of a kind that has no numbers" : "records of several values";
}

/** What the library throws becomes a refusal; what it does worse ends the thread. */
function guarded<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw damaged(place, error instanceof Error ? error.message : String(error));
  }
}

function damaged(place: string, complaint: string) {
  return unreadable(place, 0, "a sound HDF5 file", complaint, takeAgain);
}
