import h5wasm from "h5wasm";
import { expect, test } from "vitest";
import { Fault } from "../fault/fault.ts";
import { isHdf5, readHdf5 } from "./hdf5.node.ts";
import type { NumberArray } from "./number-array.ts";

/** The bytes of an HDF5 file that `fill` fills, written by the library itself. */
async function hdf5(fill: (file: InstanceType<typeof h5wasm.File>) => void): Promise<Uint8Array> {
  const { FS } = await h5wasm.ready;
  const file = new h5wasm.File("/written.h5", "w");
  fill(file);
  file.close();
  return FS.readFile("/written.h5");
}

const thread = (body: string) =>
  new URL(`data:text/javascript,${encodeURIComponent(`import { parentPort } from "node:worker_threads"; ${body}`)}`);

test("numbers of every type, texts and groups; what is neither is called what it is", async () => {
  const typed = [
    ["u1", Uint8Array.of(1, 255)],
    ["u2", Uint16Array.of(1, 65535)],
    ["u4", Uint32Array.of(1, 2 ** 32 - 1)],
    ["u8", BigUint64Array.of(1n, 2n ** 53n)],
    ["i1", Int8Array.of(-1, 127)],
    ["i2", Int16Array.of(-1, 2)],
    ["i4", Int32Array.of(-1, 2)],
    ["i8", BigInt64Array.of(-1n, 2n)],
    ["f4", Float32Array.of(0.5, -2)],
    ["f8", Float64Array.of(0.1, -2)],
  ] as const;
  const bytes = await hdf5((file) => {
    const group = file.create_group("typed");
    for (const [name, data] of typed) group.create_dataset({ name, data });
    file.create_dataset({ name: "names", data: ["cat", "frög"] });
    file.create_dataset({ name: "note", data: "one text" });
    file.create_soft_link("/nowhere", "link");
  });
  expect(isHdf5(bytes)).toBe(true);
  const arrays = await readHdf5(bytes, "a.h5");
  for (const [name, data] of typed) {
    const { type, shape, bytes: stored } = arrays.get(`typed.${name}`) as NumberArray;
    expect({ type, shape }).toEqual({ type: name, shape: [2] });
    expect([...stored]).toEqual([...new Uint8Array(data.buffer)]);
  }
  expect(arrays.get("names")).toEqual({ texts: ["cat", "frög"], shape: [2], at: 0 });
  expect(arrays.get("link")).toBe("a link or a type");
  expect(typeof arrays.get("note")).toBe("string");
});

test("a file that is cut off, flipped, or asks for more than it has is refused with its name", async () => {
  const bytes = await hdf5((file) => {
    file.create_dataset({ name: "x", data: new Uint8Array(4096).fill(7), shape: [4, 1024] });
  });
  const refusal = { code: "data", place: "a.h5" };
  await expect(readHdf5(bytes.subarray(0, 700), "a.h5")).rejects.toMatchObject(refusal);
  for (const at of [9, 30, 100, 500]) {
    const flipped = bytes.slice();
    flipped[at] ^= 0x41;
    // Where nothing depends on the byte the array must be as it was.
    const arrays = await readHdf5(flipped, "a.h5").catch((error: Fault) => error);
    if (arrays instanceof Fault) {
      expect(arrays).toMatchObject(refusal);
      continue;
    }
    const x = arrays.get("x");
    if (typeof x === "object" && "bytes" in x) expect(x.bytes.every((byte) => byte === 7)).toBe(true);
  }
  const bomb = await hdf5((file) => {
    const huge = { name: "x", data: new Uint8Array(1), shape: [1], maxshape: [null], chunks: [1024] };
    file.create_dataset(huge).resize([1_500_000_000]);
  });
  await expect(readHdf5(bomb, "a.h5")).rejects.toThrow(/a.h5: byte 0: expected values of at most 100 times the file/);
});

test("a reader that dies or falls silent is a refusal of the file", async () => {
  const dead = readHdf5(new Uint8Array(9), "a.h5", thread("process.exit(1)"));
  await expect(dead).rejects.toThrow("a.h5: ended the reader");
  const silent = readHdf5(new Uint8Array(9), "a.h5", thread('parentPort.on("message", () => {})'), 50);
  await expect(silent).rejects.toThrow("a.h5: took the reader more than 0.05 seconds");
});
