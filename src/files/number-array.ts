import { limits } from "./limits.ts";
import { takeAgain, unreadable } from "./unreadable.ts";

// Numbers with a shape, as .npy, .mat, pickles and idx files all hold them; nothing is copied until it is asked for.

/** Kind (bool, unsigned, signed, floating) and bytes of an element, as NumPy writes them. */
export type ElementType = "b1" | "u1" | "u2" | "u4" | "u8" | "i1" | "i2" | "i4" | "i8" | "f2" | "f4" | "f8";

const names: Readonly<Record<ElementType, string>> = {
  b1: "bool",
  u1: "uint8",
  u2: "uint16",
  u4: "uint32",
  u8: "uint64",
  i1: "int8",
  i2: "int16",
  i4: "int32",
  i8: "int64",
  f2: "float16",
  f4: "float32",
  f8: "float64",
};

/** What a file of named arrays holds: numbers, texts, and for anything else a word on what it is. */
export type NamedArrays = ReadonlyMap<string, NamedValue>;
export type NamedValue = NumberArray | TextArray | string;

/** Texts with a shape. */
export interface TextArray {
  /** [product of shape], in the order in which they lie. */
  readonly texts: readonly string[];
  readonly shape: readonly number[];
  /** Where they begin in the file. */
  readonly at: number;
}

export function isTexts(value: NamedValue): value is TextArray {
  return typeof value === "object" && "texts" in value;
}

export interface NumberArray {
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Whether the first axis varies fastest, as in MATLAB and Fortran. */
  readonly isColumnMajor: boolean;
  readonly isLittleEndian: boolean;
  /** [product of shape] elements, no byte more or less. */
  readonly bytes: Uint8Array;
  /** Where they begin in the file. */
  readonly at: number;
}

/** `uint8`, as people call the type. */
export function typeName(type: ElementType): string {
  return names[type];
}

export function isElementType(text: string): text is ElementType {
  return Object.hasOwn(names, text);
}

/**
 * The bytes that elements of `type` in `shape` take: checked before anything is read or made.
 * @throws Fault `data` for more axes than allowed, or a product that no file could hold
 */
export function bytesOf(type: ElementType, shape: readonly number[], place: string, at: number): number {
  if (shape.length > limits.axes) {
    throw unreadable(place, at, `at most ${limits.axes} axes`, `${shape.length}`, takeAgain);
  }
  let bytes = Number(type.slice(1));
  for (const length of shape) {
    bytes *= length;
    if (!(Number.isSafeInteger(length) && length >= 0 && bytes <= limits.unpackedBytes)) {
      const actual = `the shape [${shape.join(", ")}]`;
      throw unreadable(place, at, `an array of at most ${limits.unpackedBytes} bytes`, actual, takeAgain);
    }
  }
  return bytes;
}

/** Reads the element number `index` in the order of the bytes. Whole numbers beyond 2^53 come out rounded. */
export function elementReader({ type, bytes, isLittleEndian }: NumberArray): (index: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  switch (type) {
    case "b1":
    case "u1":
      return (index) => bytes[index];
    case "i1":
      return (index) => view.getInt8(index);
    case "u2":
      return (index) => view.getUint16(2 * index, isLittleEndian);
    case "i2":
      return (index) => view.getInt16(2 * index, isLittleEndian);
    case "u4":
      return (index) => view.getUint32(4 * index, isLittleEndian);
    case "i4":
      return (index) => view.getInt32(4 * index, isLittleEndian);
    case "u8":
      return (index) => Number(view.getBigUint64(8 * index, isLittleEndian));
    case "i8": {
      const high = isLittleEndian ? 4 : 0;
      return (index) =>
        view.getInt32(8 * index + high, isLittleEndian) * 2 ** 32 +
        view.getUint32(8 * index + 4 - high, isLittleEndian);
    }
    case "f2":
      return (index) => half(view.getUint16(2 * index, isLittleEndian));
    case "f4":
      return (index) => view.getFloat32(4 * index, isLittleEndian);
    case "f8":
      return (index) => view.getFloat64(8 * index, isLittleEndian);
  }
}

/** The value of the 16 bits of an IEEE 754 half. */
function half(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Elements from one entry to the next along each axis. */
export function stridesOf({ shape, isColumnMajor }: NumberArray): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let step = 0; step < shape.length; step++) {
    const axis = isColumnMajor ? step : shape.length - 1 - step;
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}
