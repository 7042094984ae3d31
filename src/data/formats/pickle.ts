import { limits } from "../../files/limits.ts";
import { latin1 } from "../../files/npy.ts";
import type { NamedArrays, NamedValue } from "../../files/number-array.ts";
import { shown, takeAgain, unreadable, utf8 } from "../../files/unreadable.ts";
import { build, knownGlobal, reduce } from "./pickle-numpy.ts";
import { decimal, latin1Escapes, littleEndianInteger, pythonString } from "./pickle-text.ts";
import { type Dict, isKind, opaque, type PickleBytes, type Tuple, type Value, wordFor } from "./pickle-value.ts";

// Python's pickle, protocols 0 to 5 (CPython, Lib/pickletools.py), as data: the values that a list of instructions puts together.
// In Python a pickle may name any function and have it called. Here a name is looked up in a short list that stands for arrays and
// containers (`pickle-numpy.ts`), and what they do is done by this code; every other name is refused, and so is every other way to call.

interface Machine {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly place: string;
  /** Where the next instruction or argument lies, and where the present instruction began. */
  at: number;
  start: number;
  readonly stack: Value[];
  /** Heights of the stack where a MARK lies. */
  readonly marks: number[];
  readonly memo: Map<number, Value>;
  /** Bytes of text that were turned into bytes: no more than the file has. */
  encoded: number;
}

/** Whether these may be the first bytes of a pickle: certain from protocol 2 on, for 0 and 1 by how a dict begins. */
export function isPickle(bytes: Uint8Array): boolean {
  if (bytes.length < 2) return false;
  if (bytes[0] === 0x80) return bytes[1] <= 5;
  const first = latin1(bytes.subarray(0, 3));
  return bytes.at(-1) === 0x2e && /^(?:\(dp|\}q|\}\.|\(d\.|\]q|\(lp|c[a-z_])/.test(first);
}

/**
 * The arrays of a pickled dict, by key; of a pair x and y; of three pairs, as mnist.pkl has them, x_train, y_train, x_valid and so
 * on. Lists of whole numbers or texts count as arrays; anything else comes as a word on what it is.
 * @throws Fault `data` for a pickle that is damaged, or would do anything but put arrays, numbers, texts and lists together
 */
export function readPickle(bytes: Uint8Array, place: string): NamedArrays {
  const value = unpickled(bytes, place);
  const entries = value instanceof Map ? value : pairsOf(value);
  if (entries === undefined) {
    const remedy = "pickle a dict with the keys data and labels, or use numpy.savez(file, x=images, y=labels)";
    throw unreadable(place, 0, "a pickled dict", wordFor(value), remedy);
  }
  const arrays = new Map<string, NamedValue>();
  const convertedArrays = new Map<Value, NamedValue>();
  for (const [key, item] of entries) {
    if (arrays.size === limits.names) throw unreadable(place, 0, `at most ${limits.names} keys`, "more", takeAgain);
    const array = convertedArrays.get(item) ?? arrayOf(item);
    convertedArrays.set(item, array);
    arrays.set(String(key), array);
  }
  return arrays;
}

/** Images and labels as pairs: one, or two or three of them for training, validation and testing. */
function pairsOf(value: Value): [string, Value][] | undefined {
  const items = itemsOf(value) ?? [];
  const isArray = (item: Value) => isKind(item, "array") || (itemsOf(item)?.length ?? 2) !== 2;
  if (items.length === 2 && items.every(isArray)) {
    return items.map((item, index) => [index === 0 ? "x" : "y", item]);
  }
  const parts = items.length === 2 ? ["train", "test"] : ["train", "valid", "test"];
  if (items.length !== parts.length || items.some((item) => itemsOf(item)?.length !== 2)) return undefined;
  return items.flatMap((item, part) =>
    (itemsOf(item) ?? []).map((array, index): [string, Value] => [`${index === 0 ? "x" : "y"}_${parts[part]}`, array]),
  );
}

function itemsOf(value: Value): readonly Value[] | undefined {
  return Array.isArray(value) ? value : isKind(value, "tuple") ? value.items : undefined;
}

function arrayOf(value: Value): NamedValue {
  if (isKind(value, "array")) return value.array ?? "an array without content";
  const items = itemsOf(value);
  if (items === undefined || items.length === 0) return wordFor(value);
  const texts = items.flatMap((item) => textOf(item) ?? []);
  if (texts.length === items.length) return { texts, shape: [texts.length], at: 0 };
  const isWhole = (item: Value) => typeof item === "number" && item === (item | 0);
  if (!items.every(isWhole)) return wordFor(value);
  const bytes = new Uint8Array(Int32Array.from(items as number[]).buffer);
  const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  return { type: "i4", shape: [items.length], isColumnMajor: false, isLittleEndian, bytes, at: 0 };
}

/** A text; Python 2 wrote bytes. */
function textOf(value: Value): string | undefined {
  if (typeof value === "string") return value;
  return isKind(value, "bytes") && value.bytes.length <= limits.nameBytes ? latin1(value.bytes) : undefined;
}

/** Carries out the instructions. */
function unpickled(bytes: Uint8Array, place: string): Value {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const machine: Machine = { bytes, view, place, at: 0, start: 0, stack: [], marks: [], memo: new Map(), encoded: 0 };
  for (let count = 0; ; count++) {
    machine.start = machine.at;
    if (count === limits.operations) throw refuse(machine, `at most ${count} instructions`, "more", asArrays);
    if (machine.at >= bytes.length)
      throw refuse(machine, "an instruction, the last one STOP", "the file's end", takeAgain);
    const code = bytes[machine.at++];
    if (code === 0x2e) break;
    const operation = operations[code];
    if (operation === undefined) throw unknownInstruction(machine, code);
    operation(machine);
    if (machine.stack.length + machine.marks.length > limits.stack) {
      throw refuse(machine, `at most ${limits.stack} values waiting`, "more", asArrays);
    }
    if (machine.memo.size > limits.memo) throw refuse(machine, `at most ${limits.memo} values kept`, "more", asArrays);
  }
  if (machine.stack.length !== 1 || machine.marks.length > 0) {
    throw refuse(machine, "one value at the end", `${machine.stack.length}`, takeAgain);
  }
  if (machine.at < bytes.length) {
    throw refuse(
      machine,
      "the file's end after STOP",
      `${bytes.length - machine.at} bytes more`,
      "pickle one dict a file",
    );
  }
  requireTree(machine, machine.stack[0]);
  return machine.stack[0];
}

function refuse({ place, start }: Machine, expected: string, actual: string, remedy: string) {
  return unreadable(place, start, expected, actual, remedy);
}

const asArrays = "save long lists as arrays: numpy.savez(file, x=images, y=labels)";
const trusted =
  "a pickle can run any program, so this one is not loaded; where you trust it, load it in Python and save the arrays with " +
  "numpy.savez(file, x=images, y=labels)";

function unknownInstruction(machine: Machine, code: number) {
  const expected = "an instruction that puts arrays, numbers, texts, lists, tuples or dicts together";
  const names: Readonly<Record<number, string>> = {
    105: "INST, which calls a class",
    111: "OBJ, which calls a class",
    129: "NEWOBJ, which calls a class",
    146: "NEWOBJ_EX, which calls a class",
    80: "PERSID, which refers outside",
    81: "BINPERSID, which refers outside",
    151: "NEXT_BUFFER, which refers outside",
  };
  return refuse(machine, expected, names[code] ?? `0x${code.toString(16)}`, trusted);
}

/** Refuses what contains itself, or is too deep. Shared parts are looked at once. */
function requireTree(machine: Machine, root: Value): void {
  const done = new Set<Value>();
  const path = new Set<Value>();
  const visit = (value: Value) => {
    const inner = value instanceof Map ? value.values() : isKind(value, "tuple") ? value.items : value;
    if (typeof inner !== "object" || inner === null || !(Symbol.iterator in inner) || done.has(value)) return;
    if (path.has(value)) throw refuse(machine, "containers that do not contain themselves", wordFor(value), trusted);
    if (path.size === limits.depth) {
      throw refuse(machine, `at most ${limits.depth} containers inside each other`, "more", "pickle a flat dict");
    }
    path.add(value);
    for (const item of inner) if (typeof item === "object" && item !== null) visit(item);
    path.delete(value);
    done.add(value);
  };
  visit(root);
}

// Arguments. Each checks that its bytes are there before it reads or makes anything.

function take(machine: Machine, count: number): Uint8Array {
  const left = machine.bytes.length - machine.at;
  if (count > left) throw refuse(machine, `an argument of at most ${left} bytes`, `${count}`, takeAgain);
  const from = machine.at;
  machine.at += count;
  return machine.bytes.subarray(from, machine.at);
}

function unsigned(machine: Machine, size: 1 | 2 | 4 | 8): number {
  const { view, at } = machine;
  take(machine, size);
  if (size === 1) return view.getUint8(at);
  if (size === 2) return view.getUint16(at, true);
  if (size === 4) return view.getUint32(at, true);
  return Number(view.getBigUint64(at, true));
}

/** Up to the end of the line, which is read too. */
function line(machine: Machine): Uint8Array {
  const end = machine.bytes.indexOf(10, machine.at);
  if (end < 0) throw refuse(machine, "the end of a line", "the file's end", takeAgain);
  const text = take(machine, end - machine.at);
  machine.at += 1;
  return text;
}

function shortLine(machine: Machine): string {
  const bytes = line(machine);
  if (bytes.length > limits.nameBytes) throw refuse(machine, "a short line", `${bytes.length} bytes`, takeAgain);
  return latin1(bytes);
}

function text(machine: Machine, length: number): string {
  try {
    return utf8.decode(take(machine, length));
  } catch (cause) {
    if (cause instanceof TypeError) throw refuse(machine, "text in UTF-8", "other bytes", takeAgain);
    throw cause;
  }
}

/** `text` instructions and numbers as lines. */
function requireRead<Read>(machine: Machine, read: Read | undefined, what: string): Read {
  if (read === undefined) throw refuse(machine, what, "something else", takeAgain);
  return read;
}

function bytesValue(machine: Machine, length: number): PickleBytes {
  const at = machine.at;
  return { kind: "bytes", bytes: take(machine, length), at };
}

// The stack.

function pop(machine: Machine): Value {
  if (machine.stack.length <= (machine.marks.at(-1) ?? 0))
    throw refuse(machine, "a value on the stack", "none", takeAgain);
  return machine.stack.pop() as Value;
}

function top(machine: Machine): Value {
  const value = pop(machine);
  machine.stack.push(value);
  return value;
}

function popToMark(machine: Machine): Value[] {
  const height = machine.marks.pop();
  if (height === undefined) throw refuse(machine, "a mark on the stack", "none", takeAgain);
  return machine.stack.splice(height);
}

const push =
  (read: (machine: Machine) => Value) =>
  (machine: Machine): void => {
    machine.stack.push(read(machine));
  };

const tuple = (items: readonly Value[]): Tuple => ({ kind: "tuple", items });

function append(machine: Machine, items: readonly Value[]): void {
  const list = top(machine);
  if (!Array.isArray(list)) throw refuse(machine, "a list to append to", wordFor(list), takeAgain);
  for (const item of items) list.push(item);
}

function setItems(machine: Machine, dict: Value, items: readonly Value[]): Dict {
  if (!(dict instanceof Map)) throw refuse(machine, "a dict to set keys of", wordFor(dict), takeAgain);
  if (items.length % 2 !== 0) throw refuse(machine, "keys and values in pairs", `${items.length}`, takeAgain);
  for (let index = 0; index < items.length; index += 2) {
    const key = items[index];
    // Python 2 wrote keys as bytes, and so did the makers of CIFAR.
    const name = isKind(key, "bytes") && key.bytes.length <= limits.nameBytes ? latin1(key.bytes) : key;
    if (typeof name !== "string" && typeof name !== "number") {
      // Of a dict that is beside the data; a key of another kind cannot be asked for.
      if (isKind(name, "opaque") || isKind(name, "tuple") || typeof name === "boolean" || name === null) continue;
      throw refuse(machine, "texts or numbers as keys", wordFor(key), "pickle a dict whose keys are texts");
    }
    dict.set(name, items[index + 1]);
  }
  return dict;
}

function remember(machine: Machine, index: number): void {
  machine.memo.set(index, top(machine));
}

function recall(machine: Machine, index: number): Value {
  const value = machine.memo.get(index);
  if (value === undefined) throw refuse(machine, "a value kept before", `number ${index}, which is none`, takeAgain);
  return value;
}

function global(machine: Machine, module: Value, name: Value): Value {
  const full = typeof module === "string" && typeof name === "string" ? `${module}.${name}` : "";
  const entry = knownGlobal(full);
  if (entry === undefined) throw refuse(machine, "a name of NumPy's arrays", `the name ${shown(full)}`, trusted);
  return entry;
}

function reduced(machine: Machine): Value {
  const args = pop(machine);
  const name = pop(machine);
  if (!isKind(name, "global") || !isKind(args, "tuple")) {
    throw refuse(machine, "a name and its arguments", `${wordFor(name)} and ${wordFor(args)}`, takeAgain);
  }
  const [first] = args.items;
  if (typeof first === "string") machine.encoded += first.length;
  if (machine.encoded > machine.bytes.length) {
    throw refuse(machine, "each text turned into bytes once", "the same one again and again", trusted);
  }
  return reduce(name, args.items, machine.place, machine.start);
}

function wholeLine(machine: Machine): Value {
  const text = shortLine(machine);
  if (text === "00" || text === "01") return text === "01";
  const value = requireRead(machine, decimal(text.replace(/L$/, "")), "a whole number");
  return Number.isNaN(value) ? largeNumber : value;
}

const largeNumber = opaque("a whole number of 2^53 or more");

const operations: Readonly<Record<number, (machine: Machine) => void>> = {
  128: (machine) => {
    const protocol = unsigned(machine, 1);
    if (protocol > 5) throw refuse(machine, "protocol 0 to 5", `${protocol}`, "pickle it with protocol 4");
  },
  149: (machine) => {
    const length = unsigned(machine, 8);
    const left = machine.bytes.length - machine.at;
    if (length > left) throw refuse(machine, `a frame of at most ${left} bytes`, `${length}`, takeAgain);
  },
  // Marks, and what happens on the stack only.
  40: (machine) => void machine.marks.push(machine.stack.length), // MARK
  48: (machine) => void pop(machine), // POP
  49: (machine) => void popToMark(machine), // POP_MARK
  50: push(top), // DUP
  152: (machine) => void top(machine), // READONLY_BUFFER
  // Numbers.
  78: push(() => null), // NONE
  136: push(() => true), // NEWTRUE
  137: push(() => false), // NEWFALSE
  73: push(wholeLine), // INT
  76: push(wholeLine), // LONG
  74: push((machine) => unsigned(machine, 4) | 0), // BININT
  75: push((machine) => unsigned(machine, 1)), // BININT1
  77: push((machine) => unsigned(machine, 2)), // BININT2
  138: push((machine) => whole(machine, unsigned(machine, 1))), // LONG1
  139: push((machine) => whole(machine, unsigned(machine, 4))), // LONG4
  70: push((machine) => Number(shortLine(machine))), // FLOAT
  71: push((machine) => {
    const { view, at } = machine;
    take(machine, 8);
    return view.getFloat64(at);
  }), // BINFLOAT
  // Bytes and texts.
  83: push((machine) => {
    const at = machine.at;
    return { kind: "bytes", bytes: requireRead(machine, pythonString(line(machine)), "a quoted text"), at };
  }), // STRING
  84: push((machine) => bytesValue(machine, unsigned(machine, 4))), // BINSTRING
  85: push((machine) => bytesValue(machine, unsigned(machine, 1))), // SHORT_BINSTRING
  66: push((machine) => bytesValue(machine, unsigned(machine, 4))), // BINBYTES
  67: push((machine) => bytesValue(machine, unsigned(machine, 1))), // SHORT_BINBYTES
  142: push((machine) => bytesValue(machine, unsigned(machine, 8))), // BINBYTES8
  150: push((machine) => bytesValue(machine, unsigned(machine, 8))), // BYTEARRAY8
  86: push((machine) => latin1Escapes(line(machine))), // UNICODE
  88: push((machine) => text(machine, unsigned(machine, 4))), // BINUNICODE
  140: push((machine) => text(machine, unsigned(machine, 1))), // SHORT_BINUNICODE
  141: push((machine) => text(machine, unsigned(machine, 8))), // BINUNICODE8
  // Containers.
  93: push(() => []), // EMPTY_LIST
  108: push(popToMark), // LIST
  97: (machine) => append(machine, [pop(machine)]), // APPEND
  101: (machine) => append(machine, popToMark(machine)), // APPENDS
  41: push(() => tuple([])), // EMPTY_TUPLE
  116: push((machine) => tuple(popToMark(machine))), // TUPLE
  133: push((machine) => tuple([pop(machine)])), // TUPLE1
  134: push((machine) => tuple([pop(machine), pop(machine)].reverse())), // TUPLE2
  135: push((machine) => tuple([pop(machine), pop(machine), pop(machine)].reverse())), // TUPLE3
  125: push(() => new Map()), // EMPTY_DICT
  100: push((machine) => setItems(machine, new Map(), popToMark(machine))), // DICT
  115: (machine) => {
    const items = [pop(machine), pop(machine)].reverse();
    setItems(machine, top(machine), items);
  }, // SETITEM
  117: (machine) => {
    const items = popToMark(machine);
    setItems(machine, top(machine), items);
  }, // SETITEMS
  // What is in a set is of no use here, and is let go.
  143: push(() => opaque("a set")), // EMPTY_SET
  144: (machine) => {
    popToMark(machine);
    top(machine);
  }, // ADDITEMS
  145: push((machine) => {
    popToMark(machine);
    return opaque("a frozenset");
  }), // FROZENSET
  // The memo.
  112: (machine) => remember(machine, index(machine)), // PUT
  113: (machine) => remember(machine, unsigned(machine, 1)), // BINPUT
  114: (machine) => remember(machine, unsigned(machine, 4)), // LONG_BINPUT
  148: (machine) => remember(machine, machine.memo.size), // MEMOIZE
  103: push((machine) => recall(machine, index(machine))), // GET
  104: push((machine) => recall(machine, unsigned(machine, 1))), // BINGET
  106: push((machine) => recall(machine, unsigned(machine, 4))), // LONG_BINGET
  // Names, and what stands for a call.
  99: push((machine) => global(machine, shortLine(machine), shortLine(machine))), // GLOBAL
  147: push((machine) => {
    const name = pop(machine);
    return global(machine, pop(machine), name);
  }), // STACK_GLOBAL
  82: push(reduced), // REDUCE
  98: (machine) => {
    const state = pop(machine);
    build(top(machine), state, machine.place, machine.start);
  }, // BUILD
};

function whole(machine: Machine, length: number): Value {
  return littleEndianInteger(take(machine, length)) ?? largeNumber;
}

function index(machine: Machine): number {
  return requireRead(machine, decimal(shortLine(machine)), "the number of a kept value");
}
