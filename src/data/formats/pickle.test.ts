import { describe, expect, test } from "vitest";
import { Fault } from "../../fault/fault.ts";
import { processorTime } from "../../files/fixtures/processor-time.node.ts";
import { readPickle } from "./pickle.ts";

const bytesOf = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...part].map((c) => c.charCodeAt(0)) : part)));
const u32 = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];

/** Reads; refuses to take a second. */
function read(bytes: Uint8Array) {
  const start = processorTime();
  try {
    return readPickle(bytes, "a.pkl");
  } finally {
    expect(processorTime() - start).toBeLessThan(1000);
  }
}

describe("hostile pickles are refused within a second, and nothing is called", () => {
  // Each as Python's pickletools would disassemble it; the first is what every article on pickles shows.
  const million = 1_000_000;
  test.each<[why: string, bytes: Uint8Array, complaint: RegExp]>([
    [
      "os.system",
      bytesOf("cos\nsystem\n(S'echo pwned'\ntR."),
      /byte 0: expected a name of NumPy's arrays, found the name "os.system"/,
    ],
    [
      "posix.system, protocol 4",
      bytesOf([0x80, 4], "\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R."),
      /"posix.system"/,
    ],
    ["builtins.eval", bytesOf("cbuiltins\neval\n(S'1'\ntR."), /"builtins.eval"/],
    ["a dotted name", bytesOf([0x80, 4], "\x8c\x05numpy\x8c\x0cf2py.os.exec\x93."), /"numpy.f2py.os.exec"/],
    ["numpy.load, which unpickles", bytesOf("cnumpy\nload\n(S'x'\ntR."), /"numpy.load"/],
    ["copyreg._reconstructor", bytesOf("ccopy_reg\n_reconstructor\n(tR."), /"copy_reg._reconstructor"/],
    ["INST", bytesOf("(S'ls'\nios\nsystem\n."), /found INST, which calls a class/],
    ["OBJ", bytesOf("(o."), /found OBJ/],
    ["NEWOBJ", bytesOf("cnumpy\nndarray\n)\x81."), /found NEWOBJ/],
    ["a persistent id", bytesOf("Pid\n."), /found PERSID/],
    ["an extension", bytesOf([0x82, 1], "."), /found 0x82/],
    [
      "calling numpy.ndarray",
      bytesOf("cnumpy\nndarray\n((K\x05tR"),
      /expected a value|expected a mark|a name and its arguments|numpy.ndarray as an argument/,
    ],
    ["calling an array", bytesOf("(lp0\n)R."), /expected a name and its arguments/],
    ["building a dict's attributes", bytesOf("}}b."), /expected an array or a type/],
    ["a list in itself", bytesOf("}(U\x01x]q\x01h\x01au."), /expected containers that do not contain themselves/],
    ["a dict in itself", bytesOf("}q\x01U\x01xh\x01s."), /contain themselves/],
    ["a tuple in itself", bytesOf("}U\x01x]q\x01h\x01\x85as."), /contain themselves/],
    [
      "lists in lists",
      bytesOf("}U\x01x", "]".repeat(50), "a".repeat(49), "s."),
      /at most 32 containers inside each other/,
    ],
    [
      "half a million lists in lists",
      bytesOf("}U\x01x", "]".repeat(million / 2), "a".repeat(million / 2 - 1), "s."),
      /at most 32 containers/,
    ],
    [
      "half a million marks",
      bytesOf("(".repeat(million / 2)),
      /byte 500000: expected an instruction, the last one STOP/,
    ],
    ["two million values", bytesOf("N".repeat(2 * million)), /at most 1000000 values waiting/],
    ["three million instructions", bytesOf("N0".repeat(1.5 * million)), /at most 2000000 instructions/],
    [
      "a terabyte of bytes",
      bytesOf([0x80, 4, 0x8e], [0, 0, 0, 0, 0, 1, 0, 0], "."),
      /an argument of at most 1 bytes, found 1099511627776/,
    ],
    ["four gigabytes of text", bytesOf("X", u32(0xffffffff), "."), /an argument of at most 1 bytes, found 4294967295/],
    [
      "a frame beyond the end",
      bytesOf([0x80, 4, 0x95], [255, 255, 255, 255, 255, 255, 255, 127], "N."),
      /a frame of at most 2 bytes/,
    ],
    ["a long of two gigabytes", bytesOf([0x8b], u32(0x7fffffff), "."), /found 2147483647/],
    ["a long of 80 bits", bytesOf([0x8a, 10], "x".repeat(10), "."), /found a whole number of 2\^53 or more/],
    ["a number of a million digits", bytesOf("I", "9".repeat(million), "\n."), /expected a short line/],
    [
      "memo entry four billion",
      bytesOf("Nr", u32(0xffffffff), "j", u32(0xfffffffe), "."),
      /number 4294967294, which is none/,
    ],
    ["the stack's bottom", bytesOf("0."), /expected a value on the stack/],
    ["a value below a mark", bytesOf("N(0."), /expected a value on the stack/],
    ["no STOP", bytesOf("}"), /the last one STOP, found the file's end/],
    ["two values", bytesOf("}}."), /expected one value at the end, found 2/],
    ["bytes after STOP", bytesOf("}.}."), /expected the file's end after STOP, found 2 bytes more/],
    ["no dict", bytesOf("](K\x01K\x02e."), /expected a pickled dict, found a list of 2/],
    ["a list as a key", bytesOf("}]Ns."), /expected texts or numbers as keys/],
    ["odd items", bytesOf("}(Nu."), /in pairs/],
    ["protocol 6", bytesOf([0x80, 6], "}."), /expected protocol 0 to 5, found 6/],
    ["nothing", new Uint8Array(0), /byte 0: expected an instruction/],
    ["text that is not UTF-8", bytesOf("X", u32(1), [255], "."), /text in UTF-8/],
  ])("%s", (_why, bytes, complaint) => {
    expect(() => read(bytes)).toThrow(Fault);
    expect(() => read(bytes)).toThrow(complaint);
  });

  test("a text turned into bytes again and again", () => {
    const start = bytesOf(
      "X",
      u32(100_000),
      "a".repeat(100_000),
      "q\x00X",
      u32(6),
      "latin1q\x01c_codecs\nencode\nq\x02",
    );
    const again = "h\x02h\x00h\x01\x86R0".repeat(100_000);
    expect(() => read(bytesOf([...start] as number[], again, "."))).toThrow(/each text turned into bytes once/);
  });

  test("a list that doubles has as many items as instructions say, and no more", () => {
    // Each line puts the list before twice into a new one: 2^40 leaves, 40 lists.
    const lines = Array.from(
      { length: 30 },
      (_, i) => `](h${String.fromCharCode(i)}h${String.fromCharCode(i)}eq${String.fromCharCode(i + 1)}0`,
    );
    const bytes = bytesOf("]q\x000", lines.join(""), "}U\x01xh\x1es.");
    expect(read(bytes)).toEqual(new Map([["x", "a list of 2"]]));
  });
});

test("__proto__ is a key like any other", () => {
  const arrays = read(bytesOf("}(U\x09__proto__}U\x08pollutedI1\nsU\x04data](K\x01K\x02eu."));
  expect([...arrays.keys()]).toEqual(["__proto__", "data"]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

describe("arrays", () => {
  const array = (shape: number[], type: string, order: string, isFortran: boolean, content: number[]) =>
    bytesOf(
      "}U\x01xcnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(",
      shape.map((length) => `I${length}\n`).join(""),
      `tcnumpy\ndtype\n(S'${type}'\nI0\nI1\ntR(I3\nS'${order}'\nNNNI-1\nI-1\nI0\ntbI0${isFortran ? 1 : 0}\n`,
      "U",
      [content.length],
      content,
      "tbs.",
    );

  test("in C and Fortran order, little and big endian", () => {
    const value = read(array([2, 2], "i2", ">", true, [0, 1, 0, 2, 0, 3, 0, 4])).get("x");
    expect(value).toMatchObject({ type: "i2", shape: [2, 2], isColumnMajor: true, isLittleEndian: false });
  });

  test.each<[why: string, bytes: Uint8Array, complaint: RegExp]>([
    [
      "fewer bytes than the shape",
      array([2, 2], "u1", "|", false, [1, 2, 3]),
      /expected 4 bytes of uint8 for the shape \[2, 2\], found 3/,
    ],
    ["a petabyte", array([1e9, 1e6], "u1", "|", false, [1]), /expected an array of at most/],
    ["a negative length", array([-1, -4], "u1", "|", false, [1, 2, 3, 4]), /expected an array of at most/],
    ["an order that is none", array([1], "u1", "x", false, [1]), /the byte order of a type/],
  ])("%s", (_why, bytes, complaint) => expect(() => read(bytes)).toThrow(complaint));

  test.each([
    ["O8", [1], "an array of Python objects"],
    ["c8", [0, 0, 0, 0, 0, 0, 0, 0], "an array of complex numbers"],
    ["M8", [0, 0, 0, 0, 0, 0, 0, 0], "an array of dates"],
    ["f16", new Array<number>(16).fill(0), "an array of long doubles"],
    ["V3", [1, 2, 3], "an array of structured data"],
  ])("of type %s are listed and left alone", (type, content, word) => {
    expect(read(array([1], type, "<", false, content)).get("x")).toBe(word);
  });

  test("of texts are texts", () => {
    const content = [...Buffer.from("catdo\0", "latin1")];
    expect(read(array([2], "S3", "|", false, content)).get("x")).toMatchObject({ texts: ["cat", "do"] });
  });
});

// As Python 3 pickles them, protocol 0 or 2, disassembled.
test("what is neither images nor labels does not spoil a pickle", () => {
  const values = bytesOf(
    "}(",
    "U\x03bigL9007199254740993L\n",
    "U\x04huge",
    [0x8a, 10],
    "x".repeat(10),
    "U\x03setc__builtin__\nset\n(](K\x01K\x02etR",
    "U\x04set4\x8f(K\x01K\x02\x90",
    "U\x05order",
    "ccollections\nOrderedDict\n)R(U\x01aK\x01U\x01bK\x02u",
    "U\x05pairsccollections\nOrderedDict\n(](](U\x01aK\x01eetR",
    "U\x05tuple}(K\x01K\x02\x86Nu",
    "U\x05names](U\x03catU\x03dogeU\x06labels](K\x00K\x01K\x00e",
    "u.",
  );
  expect(Object.fromEntries(read(values))).toMatchObject({
    big: "a whole number of 2^53 or more",
    huge: "a whole number of 2^53 or more",
    set: "a set",
    set4: "a set",
    order: "a dict of 2",
    pairs: "a dict of 1",
    tuple: "a dict of 0",
    names: { texts: ["cat", "dog"] },
    labels: { type: "i4", shape: [3] },
  });
});

test("pairs in a tuple are the parts of a dataset, as mnist.pkl has them", () => {
  const list = "](K\x01K\x02K\x03e";
  const three = read(bytesOf(`((${list}${list}t(${list}${list}t(${list}${list}tt.`));
  expect([...three.keys()]).toEqual(["x_train", "y_train", "x_valid", "y_valid", "x_test", "y_test"]);
  expect([...read(bytesOf(`(${list}${list}t.`)).keys()]).toEqual(["x", "y"]);
  expect([...read(bytesOf(`((${list}${list}t(${list}${list}tt.`)).keys()].at(-1)).toBe("y_test");
});
