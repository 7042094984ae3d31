import type { BitSource } from "./bit-source.ts";
import { multiplyHigh } from "./wide-multiply.ts";

const ROUNDS = 10;
// Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3": multipliers and key increments.
const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** Philox4x32-10: four random words for a counter of four words and a key of two. Written: `block`. */
export function philox4x32(block: Uint32Array, counter: Uint32Array, key: Uint32Array): void {
  let [c0, c1, c2, c3] = [counter[0], counter[1], counter[2], counter[3]];
  let [k0, k1] = [key[0], key[1]];
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(M0, c0);
    const high1 = multiplyHigh(M1, c2);
    const low0 = Math.imul(M0, c0);
    const low1 = Math.imul(M1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  block[0] = c0;
  block[1] = c1;
  block[2] = c2;
  block[3] = c3;
}

/** The words of blocks 0, 1, 2, ... of (key, indices): the counter is [block, ...indices], and a block is two words, low half first. */
export class Philox implements BitSource {
  high = 0;
  low = 0;
  readonly #key: Uint32Array;
  readonly #counter: Uint32Array;
  readonly #block = new Uint32Array(4);
  #words = 0; // words of the whole stream

  constructor(key: Uint32Array, indices: readonly [number, number, number]) {
    this.#key = key;
    this.#counter = Uint32Array.of(0, ...indices);
  }

  advance(): void {
    const half = this.#words % 2;
    if (half === 0) {
      if (this.#words === 2 ** 33) throw new RangeError("a stream holds 2^33 words, and all are taken");
      this.#counter[0] = this.#words / 2;
      philox4x32(this.#block, this.#counter, this.#key);
    }
    this.low = this.#block[2 * half];
    this.high = this.#block[2 * half + 1];
    this.#words += 1;
  }
}
