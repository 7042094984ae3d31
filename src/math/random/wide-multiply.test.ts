import fc from "fast-check";
import { expect, test } from "vitest";
import { multiplyHigh } from "./wide-multiply.ts";

const uint32 = fc.oneof(fc.nat(0xffffffff), fc.constantFrom(0, 1, 0xffff, 0x10000, 0x80000000, 0xffff0000, 0xffffffff));

test("the high half of every product is that of exact integers", () => {
  fc.assert(
    fc.property(uint32, uint32, (a, b) => {
      expect(multiplyHigh(a, b)).toBe(Number((BigInt(a) * BigInt(b)) >> 32n));
    }),
    { numRuns: 2000 },
  );
});
