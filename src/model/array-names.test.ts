import { expect, test } from "vitest";
import type { NumberArray } from "../files/number-array.ts";
import { knownArrays } from "./array-names.ts";

function array(...values: number[]): NumberArray {
  const bytes = new Uint8Array(Float64Array.from(values).buffer);
  return { type: "f8", shape: [values.length], isColumnMajor: false, isLittleEndian: true, bytes, at: 0 };
}

test("an array that is named by hand is it, whatever others are called; by their names alone two may be the same", () => {
  const arrays = new Map([
    ["W1", array(1)],
    ["weights1", array(2)],
    ["theta", array(3)],
    ["b1", array(4)],
  ]);
  expect(() => knownArrays(arrays, "mine.npz")).toThrow('"W1" and "weights1" may both be W1');
  const known = knownArrays(arrays, "mine.npz", new Map([["W1", "theta"]]));
  expect(Object.fromEntries([...known].map(([ours, { name }]) => [ours, name]))).toEqual({ W1: "theta", b1: "b1" });
  // What was taken for one thing is not taken for what its name says besides.
  const others = knownArrays(arrays, "mine.npz", new Map([["b1", "weights1"]]));
  expect(Object.fromEntries([...others].map(([ours, { name }]) => [ours, name]))).toEqual({ b1: "weights1", W1: "W1" });
});
