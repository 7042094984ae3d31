import { expect, test } from "vitest";
import fixture from "./fixtures/numpy-2.4.6.json" with { type: "json" };
import { Pcg64 } from "./pcg64.ts";

test.each(fixture.seeds)("the words are those of NumPy's PCG64($seed)", ({ seed, raw }) => {
  const bits = new Pcg64(BigInt(seed));
  const words = raw.map(() => {
    bits.advance();
    return ((BigInt(bits.high) << 32n) | BigInt(bits.low)).toString(16).padStart(16, "0");
  });
  expect(words).toEqual(raw);
});
