import { expect, test } from "vitest";
import { weightsSha256 } from "./weights.ts";

test("weights that are part of a larger buffer have the hash of their own values", async () => {
  const whole = Float32Array.of(9, 1, 2, 9);
  const part = { W1: { shape: [2], values: whole.subarray(1, 3) } };
  const alone = { W1: { shape: [2], values: Float32Array.of(1, 2) } };
  expect(await weightsSha256(part)).toBe(await weightsSha256(alone));
});
