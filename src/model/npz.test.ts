import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { smallModel } from "./fixtures/small-model.ts";
import { encodeNpz } from "./npz.ts";

/** The files of an archive that stores them, by its central directory; sums are compared with zlib's. */
function filesOf(archive: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(archive.buffer);
  const end = archive.length - 22;
  expect(view.getUint32(end, true)).toBe(0x06054b50);
  const files = new Map<string, Uint8Array>();
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < view.getUint16(end + 10, true); index++) {
    expect(view.getUint32(at, true)).toBe(0x02014b50);
    const [sum, size, unpacked] = [16, 20, 24].map((offset) => view.getUint32(at + offset, true));
    const name = archive.subarray(at + 46, at + 46 + view.getUint16(at + 28, true));
    const local = view.getUint32(at + 42, true);
    expect(view.getUint32(local, true)).toBe(0x04034b50);
    expect(archive.subarray(local + 4, local + 30)).toEqual(archive.subarray(at + 6, at + 32));
    expect(archive.subarray(local + 30, local + 30 + name.length)).toEqual(name);
    const content = archive.subarray(local + 30 + name.length, local + 30 + name.length + size);
    expect({ unpacked, sum }).toEqual({ unpacked: size, sum: crc32(content) });
    files.set(new TextDecoder().decode(name), content);
    at += 46 + name.length;
  }
  expect(at).toBe(end);
  return files;
}

test("arrays as numpy.save writes them", () => {
  const model = smallModel({ batchNorm: { place: "after-relu", layers: "all", affine: true, eps: 1e-3 } });
  const files = filesOf(encodeNpz(model));
  expect([...files.keys()]).toEqual(
    [...Object.keys(model.weights), "scale", "shift", "classes", "name", "dataset", "shape", "eps", "place"].map(
      (name) => `${name}.npy`,
    ),
  );
  const header = (name: string) => Buffer.from(files.get(`${name}.npy`)?.subarray(0, 128) ?? []).toString("latin1");
  // numpy.save(file, numpy.zeros((4, 6), "float32")) of NumPy 2.4.
  expect(header("W1")).toBe(
    `\u0093NUMPY\u0001\u0000v\u0000${"{'descr': '<f4', 'fortran_order': False, 'shape': (4, 6), }".padEnd(117)}\n`,
  );
  expect(header("b1")).toContain("'shape': (4,), }");
  expect(header("eps")).toContain("'<f8', 'fortran_order': False, 'shape': (), }");
  expect(header("classes")).toContain("'<U7', 'fortran_order': False, 'shape': (3,), }");
  const content = (name: string) => files.get(`${name}.npy`)?.slice(128).buffer as ArrayBuffer;
  expect(new Float32Array(content("W1"))).toEqual(model.weights.W1.values);
  expect(new Float64Array(content("shift"))).toEqual(model.preprocessing.shift);
  const letters = new Uint32Array(content("classes"));
  expect(String.fromCodePoint(...letters)).toBe("cat\0\0\0\0naïve ☃🦆\0\0\0\0\0\0");
});
