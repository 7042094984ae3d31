import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeNumber, encodeNumber, toJson } from "./number.ts";

test("every number survives JSON, NaN, infinities, -0 apart", () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      const back = decodeNumber(JSON.parse(JSON.stringify(encodeNumber(value))));
      expect(back === value || (Number.isNaN(back) && Number.isNaN(value))).toBe(true);
    }),
  );
});

test("float32 values come back exactly", () => {
  fc.assert(fc.property(fc.float(), (value) => Object.is(Math.fround(Number(encodeNumber(value))) + 0, value + 0)));
});

test("JSON never holds null for a number", () => {
  expect(toJson({ loss: Number.NaN, cost: [Infinity, -Infinity, 1.5] })).toBe(
    '{"loss":"NaN","cost":["Infinity","-Infinity",1.5]}',
  );
});
