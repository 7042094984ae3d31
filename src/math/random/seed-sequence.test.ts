import { describe, expect, test } from "vitest";
import { Fault } from "../../fault/fault.ts";
import fixture from "./fixtures/numpy-2.4.6.json" with { type: "json" };
import { requireSeed, seedSequence, seedWords } from "./seed-sequence.ts";

describe("seedSequence", () => {
  test.each(fixture.seeds)("gives NumPy's words for the seed $seed", ({ seed, state }) => {
    expect([...seedSequence(seedWords(BigInt(seed)), state.length)]).toEqual(state);
  });

  test.each(fixture.sequences)("gives NumPy's words for the entropy $entropy", ({ entropy, state }) => {
    expect([...seedSequence(entropy, state.length)]).toEqual(state);
  });
});

describe("seeds", () => {
  test("split into words, the least significant first", () => {
    expect(seedWords(0)).toEqual([0]);
    expect(seedWords(2 ** 32)).toEqual([0, 1]);
    expect(seedWords(Number.MAX_SAFE_INTEGER)).toEqual([0xffffffff, 0x1fffff]);
    expect(seedWords(2n ** 64n)).toEqual([0, 0, 1]);
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("%s is refused", (seed) => {
    for (const refusing of [() => requireSeed(seed), () => seedWords(seed)]) {
      expect(refusing).toThrow(Fault);
      expect(refusing).toThrow(
        expect.objectContaining({ code: "spec", place: "seed", message: `seed: ${seed} is not a seed` }),
      );
    }
  });

  test("a negative big integer is refused", () => {
    expect(() => seedWords(-1n)).toThrow(Fault);
  });
});
