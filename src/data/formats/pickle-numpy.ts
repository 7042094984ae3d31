import { elementType, latin1 } from "../../files/npy.ts";
import { bytesOf, type NamedValue, typeName } from "../../files/number-array.ts";
import { textArray, typeWord } from "../../files/numpy-type.ts";
import { shown, takeAgain, unreadable } from "../../files/unreadable.ts";
import {
  type Dict,
  type Global,
  isKind,
  opaque,
  type PickleBytes,
  type PickleType,
  type Role,
  type Value,
} from "./pickle-value.ts";

// What the names that NumPy's pickles use stand for, and those of Python's own containers. Nothing is looked up anywhere but in
// this table.

const roles: ReadonlyMap<string, Role> = new Map([
  ["numpy.core.multiarray._reconstruct", "reconstruct"],
  ["numpy._core.multiarray._reconstruct", "reconstruct"],
  ["numpy.ndarray", "ndarray"],
  ["numpy.dtype", "dtype"],
  ["numpy.core.multiarray.scalar", "scalar"],
  ["numpy._core.multiarray.scalar", "scalar"],
  ["numpy.core.numeric._frombuffer", "frombuffer"],
  ["numpy._core.numeric._frombuffer", "frombuffer"],
  ["_codecs.encode", "encode"],
  ["__builtin__.bytes", "bytes"],
  ["builtins.bytes", "bytes"],
  ["__builtin__.bytearray", "bytes"],
  ["builtins.bytearray", "bytes"],
  ["collections.OrderedDict", "ordered"],
  ["__builtin__.set", "set"],
  ["builtins.set", "set"],
  ["__builtin__.frozenset", "frozenset"],
  ["builtins.frozenset", "frozenset"],
]);

export function knownGlobal(name: string): Global | undefined {
  const role = roles.get(name);
  return role === undefined ? undefined : { kind: "global", role };
}

/** What a name with these arguments stands for. */
export function reduce({ role }: Global, args: readonly Value[], place: string, at: number): Value {
  const refuse = (expected: string) => unreadable(place, at, expected, "other arguments", takeAgain);
  const [first, second, third, fourth] = args;
  switch (role) {
    case "encode": // _codecs.encode(text, "latin1"): bytes, as protocols 0 to 2 write them
      if (typeof first !== "string" || typeof second !== "string" || !/^latin-?1$/.test(second)) {
        throw refuse("a text to encode as latin1");
      }
      return encoded(first, place, at);
    case "bytes": // bytes(), bytearray(bytes), bytearray(text, "latin-1")
      if (first === undefined) return { kind: "bytes", bytes: new Uint8Array(0), at };
      if (isKind(first, "bytes")) return first;
      if (typeof first !== "string" || second !== "latin-1") throw refuse("bytes");
      return encoded(first, place, at);
    case "dtype": // numpy.dtype("u1", False, True)
      return typeOf(first, place, at);
    case "reconstruct": // _reconstruct(numpy.ndarray, (0,), b"b"): empty until BUILD
      if (!isKind(first, "global") || first.role !== "ndarray") throw refuse("numpy.ndarray");
      return { kind: "array" };
    case "scalar": {
      if (!isKind(first, "type")) throw refuse("a type and the bytes of a number");
      return { kind: "array", array: arrayOf(first, [1], false, second, place, at) };
    }
    case "frombuffer": // _frombuffer(buffer, dtype, shape, order)
      if (!isKind(second, "type")) throw refuse("a buffer, a type, a shape and an order");
      return {
        kind: "array",
        array: arrayOf(second, lengths(third, place, at), textOf(fourth) === "F", first, place, at),
      };
    case "ordered": // OrderedDict(), or OrderedDict([[key, value], ...])
      return first === undefined ? new Map() : dictOf(first, refuse);
    case "set":
      return opaque("a set");
    case "frozenset":
      return opaque("a frozenset");
    case "ndarray":
      throw refuse("numpy.ndarray as an argument only");
  }
}

/** Fills in what BUILD says of a type or an array, which is written. */
export function build(target: Value, state: Value, place: string, at: number): void {
  const items = isKind(state, "tuple") ? state.items : [];
  if (isKind(target, "type")) {
    const text = textOf(items[1]);
    if (text === undefined || !/^[<>|=]$/.test(text)) {
      throw unreadable(place, at, "the byte order of a type", "something else", takeAgain);
    }
    target.isLittleEndian = text !== ">";
  } else if (isKind(target, "array") && target.array === undefined && items.length === 5) {
    const [, shape, type, isColumnMajor, content] = items;
    if (!isKind(type, "type")) throw unreadable(place, at, "the type of an array", "something else", takeAgain);
    target.array = arrayOf(
      type,
      lengths(shape, place, at),
      isColumnMajor === true || isColumnMajor === 1,
      content,
      place,
      at,
    );
  } else {
    throw unreadable(place, at, "an array or a type, and its content", "something else", takeAgain);
  }
}

function arrayOf(
  { descr, isLittleEndian }: PickleType,
  shape: readonly number[],
  isColumnMajor: boolean,
  content: Value | undefined,
  place: string,
  at: number,
): NamedValue {
  const type = elementType(descr)?.type;
  if (type === undefined) {
    const bytes = isKind(content, "bytes") ? content.bytes : new Uint8Array(0);
    const ordered = `${isLittleEndian ? "<" : ">"}${descr.replace(/^[<>|=]/, "")}`;
    return textArray(ordered, shape, bytes, at) ?? `an array of ${typeWord(descr)}`;
  }
  const size = bytesOf(type, shape, place, at);
  if (!isKind(content, "bytes") || content.bytes.length !== size) {
    const expected = `${size} bytes of ${typeName(type)} for the shape [${shape.join(", ")}]`;
    throw unreadable(place, at, expected, isKind(content, "bytes") ? `${content.bytes.length}` : "none", takeAgain);
  }
  return { type, shape, isColumnMajor, isLittleEndian, bytes: content.bytes, at: content.at };
}

function typeOf(name: Value | undefined, place: string, at: number): PickleType {
  const descr = textOf(name);
  if (descr === undefined) throw unreadable(place, at, "NumPy's word for a type", "something else", takeAgain);
  return { kind: "type", descr, isLittleEndian: !descr.startsWith(">") };
}

/** The dict of a list of pairs. */
function dictOf(pairs: Value, refuse: (expected: string) => Error): Dict {
  const dict: Dict = new Map();
  for (const pair of Array.isArray(pairs) ? pairs : [null]) {
    const [key, value = null] = isKind(pair, "tuple") ? pair.items : Array.isArray(pair) ? pair : [];
    const name = isKind(key, "bytes") ? textOf(key) : key;
    if (typeof name !== "string" && typeof name !== "number") throw refuse("a list of pairs, texts or numbers first");
    dict.set(name, value);
  }
  return dict;
}

function lengths(shape: Value | undefined, place: string, at: number): number[] {
  const items: readonly Value[] = isKind(shape, "tuple") ? shape.items : [null];
  const numbers = items.filter((item) => typeof item === "number");
  if (numbers.length !== items.length) {
    throw unreadable(place, at, "a tuple of numbers as shape", shown(typeof shape), takeAgain);
  }
  return numbers;
}

function textOf(value: Value | undefined): string | undefined {
  if (typeof value === "string") return value;
  return isKind(value, "bytes") && value.bytes.length < 100 ? latin1(value.bytes) : undefined;
}

function encoded(text: string, place: string, at: number): PickleBytes {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 255) throw unreadable(place, at, "characters below 256", `${code}`, takeAgain);
    bytes[index] = code;
  }
  return { kind: "bytes", bytes, at };
}
