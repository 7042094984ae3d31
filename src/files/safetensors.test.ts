import { expect, test } from "vitest";
import { encodeSafetensors } from "./safetensors.ts";

test("the file is the header's length, a header padded to 8 bytes, and the values, wide numbers first", () => {
  const bytes = encodeSafetensors(
    {
      W: { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) },
      y: { shape: [3], values: Uint8Array.of(7, 8, 9) },
      lambda: { shape: [], values: Float64Array.of(0.1) },
    },
    { about: "naïve" },
  );
  const view = new DataView(bytes.buffer);
  const length = Number(view.getBigUint64(0, true));
  expect(length % 8).toBe(0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  expect(header).toEqual({
    __metadata__: { about: "naïve" },
    lambda: { dtype: "F64", shape: [], data_offsets: [0, 8] },
    W: { dtype: "F32", shape: [2, 2], data_offsets: [8, 24] },
    y: { dtype: "U8", shape: [3], data_offsets: [24, 27] },
  });
  expect(bytes.length).toBe(8 + length + 27);
  expect(view.getFloat32(8 + length + 20, true)).toBe(4);
  expect(view.getFloat64(8 + length, true)).toBe(0.1);
});

test("values that do not fill their shape are refused", () => {
  expect(() => encodeSafetensors({ W: { shape: [2, 3], values: Float64Array.of(1) } })).toThrow(/W has 1 values/);
});
