import { describe, expect, test } from "vitest";
import type { BitSource } from "./bit-source.ts";
import { below32, below64, masked32 } from "./bounded-integer.ts";

/** A source of these 64-bit words, and then of nothing. */
function wordsOf(words: bigint[]): BitSource {
  const rest = words.slice();
  const bits = {
    high: 0,
    low: 0,
    advance() {
      const word = rest.shift();
      if (word === undefined) throw new Error("no words left");
      bits.high = Number(word >> 32n);
      bits.low = Number(word & 0xffffffffn);
    },
  };
  return bits;
}

describe("below32", () => {
  test("scales the drawn integer to the bound", () => {
    expect(below32(() => 0xffffffff, 10)).toBe(9);
    expect(below32(() => 0x80000001, 10)).toBe(5);
    expect(below32(() => 0xfffffffe, 2 ** 32)).toBe(0xfffffffe);
  });

  test("draws again below the threshold", () => {
    // 2^32 mod 3 = 1: of all drawn integers only 0 is rejected.
    const draws = [0, 0, 0x60000000];
    expect(below32(() => draws.shift() as number, 3)).toBe(1);
    expect(draws).toEqual([]);
  });
});

describe("below64", () => {
  test("scales the word to the bound", () => {
    expect(below64(wordsOf([2n ** 64n - 1n]), 2n ** 40n)).toBe(2n ** 40n - 1n);
  });

  test("draws again below the threshold", () => {
    // 2^64 mod (2^64 - 5) = 5: the words 0 to 4 leave less than that only for 0.
    expect(below64(wordsOf([0n, 7n]), 2n ** 64n - 5n)).toBe(6n);
  });
});

describe("masked32", () => {
  test("takes the low bits, and draws again above the maximum", () => {
    const draws = [0xffff_fff7, 6, 13];
    expect(masked32(() => draws.shift() ?? 0, 5)).toBe(5);
    expect(draws).toEqual([]);
    expect(masked32(() => 0xffffffff, 2 ** 32 - 1)).toBe(2 ** 32 - 1);
  });
});
