import { expect, test } from "vitest";
import { Philox, philox4x32 } from "./philox.ts";

// Random123 (D. E. Shaw Research), tests/kat_vectors, "philox4x32 10": counter, key, block. NumPy's own Philox is the
// 4x64 variant and cannot serve as an oracle here.
const knownAnswers = [
  "00000000 00000000 00000000 00000000 00000000 00000000 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
  "ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff 408f276d 41c83b0e a20bc7c6 6d5451fd",
  "243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0 d16cfe09 94fdcceb 5001e420 24126ea1",
];

test.each(knownAnswers)("Random123's vector %s", (vector) => {
  const words = Uint32Array.from(vector.split(" "), (word) => Number.parseInt(word, 16));
  const block = new Uint32Array(4);
  philox4x32(block, words.subarray(0, 4), words.subarray(4, 6));
  expect(block).toEqual(words.subarray(6));
});

test("a source reads its blocks in order, two words each, the low half first", () => {
  const key = Uint32Array.of(8, 9);
  const bits = new Philox(key, [5, 6, 7]);
  const block = new Uint32Array(4);
  for (let number = 0; number < 3; number++) {
    philox4x32(block, Uint32Array.of(number, 5, 6, 7), key);
    for (const half of [0, 1]) {
      bits.advance();
      expect([bits.low, bits.high]).toEqual([block[2 * half], block[2 * half + 1]]);
    }
  }
});
