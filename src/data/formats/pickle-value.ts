import type { NamedValue } from "../../files/number-array.ts";

/** What a pickle is made of. A dict is a Map, so no key is special. */
export type Value =
  | null
  | boolean
  | number
  | string
  | PickleBytes
  | Value[]
  | Tuple
  | Dict
  | Global
  | PickleType
  | PickleArray
  | Opaque;

export type Dict = Map<string | number, Value>;

export interface Tuple {
  readonly kind: "tuple";
  readonly items: readonly Value[];
}

/** A name that stands for something of NumPy's, never the thing itself. */
export interface Global {
  readonly kind: "global";
  readonly role: Role;
}

export type Role =
  | "reconstruct"
  | "ndarray"
  | "dtype"
  | "scalar"
  | "frombuffer"
  | "encode"
  | "bytes"
  | "ordered"
  | "set"
  | "frozenset";

/** Bytes, or a text of Python 2. */
export interface PickleBytes {
  readonly kind: "bytes";
  readonly bytes: Uint8Array;
  /** Where they lie in the file. */
  readonly at: number;
}

/** A NumPy dtype as NumPy writes it, `u1` or `U5`; its byte order comes later. */
export interface PickleType {
  readonly kind: "type";
  readonly descr: string;
  isLittleEndian: boolean;
}

/** A NumPy array; its content comes later. */
interface PickleArray {
  readonly kind: "array";
  array?: NamedValue;
}

/** What is neither images nor labels, and is not looked into: a large number, a set. */
interface Opaque {
  readonly kind: "opaque";
  readonly word: string;
}

export function opaque(word: string): Opaque {
  return { kind: "opaque", word };
}

/** What a value is, for a message or a table. */
export function wordFor(value: Value): string {
  if (value === null) return "None";
  if (typeof value === "string") return "a text";
  if (typeof value !== "object") return `a ${typeof value}`;
  if (value instanceof Map) return `a dict of ${value.size}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value.kind === "opaque") return value.word;
  return kinds[value.kind];
}

const kinds = {
  tuple: "a tuple",
  bytes: "a text",
  global: "a name",
  type: "a type of numbers",
  array: "an array",
  opaque: "something",
} as const;

export function isKind<Kind extends keyof typeof kinds>(
  value: Value | undefined,
  kind: Kind,
): value is Extract<Value, { kind: Kind }> {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === kind;
}
