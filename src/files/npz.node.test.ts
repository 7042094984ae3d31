import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { nodeUnpacker } from "./inflate.node.ts";
import { readNpz } from "./npz.ts";

/** An .npy of version 1. */
function npy(descr: string, shape: string, content: Uint8Array): Uint8Array {
  const header = `{'descr': ${descr}, 'fortran_order': False, 'shape': (${shape}), }\n`;
  const start = Buffer.from(`\x93NUMPY\x01\0${String.fromCharCode(header.length, 0)}${header}`, "latin1");
  return new Uint8Array(Buffer.concat([start, content]));
}

const numbers = npy("'|u1'", "2,", Uint8Array.of(3, 4));

test.each([
  ["'|O'", "Python objects"],
  ["'<M8[D]'", "dates"],
  ["'<m8[s]'", "durations"],
  ["'<c16'", "complex numbers"],
  ["'<f16'", "long doubles"],
  ["[('a', '<i4'), ('b', '|u1')]", "structured data"],
  ["'|V8'", "structured data"],
])("an array of type %s is listed, and those beside it are read", (descr, word) => {
  const arrays = readNpz(
    zipSync({ "odd.npy": npy(descr, "1,", new Uint8Array(16)), "y.npy": numbers }),
    "a.npz",
    nodeUnpacker,
  );
  expect(arrays.get("odd")).toBe(word);
  expect(arrays.get("y")).toMatchObject({ type: "u1", shape: [2] });
});

test("texts are read in UCS-4 of either order and in bytes", () => {
  const wide = (order: "LE" | "BE") => {
    const bytes = Buffer.alloc(24);
    for (const [at, letter] of [..."cat"].entries()) bytes[`writeUInt32${order}`](letter.charCodeAt(0), 4 * at);
    bytes[`writeUInt32${order}`](0x1f436, 12);
    return bytes;
  };
  const arrays = readNpz(
    zipSync({
      "little.npy": npy("'<U3'", "2,", wide("LE")),
      "big.npy": npy("'>U3'", "2, 1", wide("BE")),
      "bytes.npy": npy("'|S3'", "2,", Buffer.from("catdo\0")),
      "wrong.npy": npy("'<U3'", "2,", Buffer.alloc(24, 0xff)),
      "short.npy": npy("'<U3'", "9,", Buffer.alloc(24)),
    }),
    "a.npz",
    nodeUnpacker,
  );
  expect(arrays.get("little")).toMatchObject({ texts: ["cat", "\u{1f436}"], shape: [2] });
  expect(arrays.get("big")).toMatchObject({ texts: ["cat", "\u{1f436}"], shape: [2, 1] });
  expect(arrays.get("bytes")).toMatchObject({ texts: ["cat", "do"] });
  expect([arrays.get("wrong"), arrays.get("short")]).toEqual(["text", "text"]);
});

test("a member that is no array is listed; an archive of nothing else is not of arrays", () => {
  const readme = new TextEncoder().encode("hello");
  const arrays = readNpz(zipSync({ "README.txt": readme, "y.npy": numbers }), "a.npz", nodeUnpacker);
  expect(arrays.get("README.txt")).toBe("a file that is no array");
  expect(() => readNpz(zipSync({ "README.txt": readme }), "a.npz", nodeUnpacker)).toThrow(
    /a zip of .npy files.*a member "README.txt"/,
  );
});
