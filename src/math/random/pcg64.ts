import type { BitSource } from "./bit-source.ts";
import { seedSequence, seedWords } from "./seed-sequence.ts";
import { multiplyHigh } from "./wide-multiply.ts";

// 128-bit integers are four 32-bit limbs, least significant first.
// The multiplier 0x2360ed051fc65da44385df649fccf645: O'Neill 2014, pcg-random.org.
const M0 = 0x9fccf645;
const M1 = 0x4385df64;
const M2 = 0x1fc65da4;
const M3 = 0x2360ed05;

/**
 * NumPy's `PCG64(seed)`: PCG XSL RR 128/64 (O'Neill 2014), state <- state * multiplier + increment mod 2^128,
 * and a word folded from the state.
 */
export class Pcg64 implements BitSource {
  high = 0;
  low = 0;
  readonly #state: Uint32Array;
  readonly #increment: Uint32Array;

  constructor(seed: number | bigint) {
    // Two 128-bit integers, each given as its upper 64 bits and then its lower.
    const [a2, a3, a0, a1, b2, b3, b0, b1] = seedSequence(seedWords(seed), 8);
    const start = [a0, a1, a2, a3];
    const sequence = [b0, b1, b2, b3];
    // increment = 2 sequence + 1 mod 2^128; state = increment + start, and one step.
    this.#increment = Uint32Array.from(sequence, (limb, i) => (limb << 1) | (i === 0 ? 1 : sequence[i - 1] >>> 31));
    this.#state = new Uint32Array(4);
    let sum = 0;
    for (let i = 0; i < 4; i++) {
      sum = this.#increment[i] + start[i] + (sum >= 2 ** 32 ? 1 : 0);
      this.#state[i] = sum;
    }
    this.#step();
  }

  advance(): void {
    this.#step();
    // The upper 64 bits xor the lower, rotated right by the top 6 bits.
    const high = this.#state[3] ^ this.#state[1];
    const low = this.#state[2] ^ this.#state[0];
    const turn = this.#state[3] >>> 26;
    const near = turn < 32 ? low : high;
    const far = turn < 32 ? high : low;
    this.low = ((near >>> turn) | ((far << 1) << (31 - turn))) >>> 0; // shifts count modulo 32
    this.high = ((far >>> turn) | ((near << 1) << (31 - turn))) >>> 0;
  }

  #step(): void {
    const state = this.#state;
    const increment = this.#increment;
    const s0 = state[0];
    const s1 = state[1];
    const s2 = state[2];
    const s3 = state[3];
    // Columns of the schoolbook product; every sum is far below 2^53, so the carries are exact.
    let sum = (Math.imul(s0, M0) >>> 0) + increment[0];
    state[0] = sum;
    sum = Math.floor(sum / 2 ** 32) + increment[1] + multiplyHigh(s0, M0);
    sum += (Math.imul(s1, M0) >>> 0) + (Math.imul(s0, M1) >>> 0);
    state[1] = sum;
    sum = Math.floor(sum / 2 ** 32) + increment[2] + multiplyHigh(s1, M0) + multiplyHigh(s0, M1);
    sum += (Math.imul(s2, M0) >>> 0) + (Math.imul(s1, M1) >>> 0) + (Math.imul(s0, M2) >>> 0);
    state[2] = sum;
    sum = Math.floor(sum / 2 ** 32) + increment[3];
    sum += multiplyHigh(s2, M0) + multiplyHigh(s1, M1) + multiplyHigh(s0, M2);
    sum += Math.imul(s3, M0) + Math.imul(s2, M1) + Math.imul(s1, M2) + Math.imul(s0, M3); // modulo 2^32
    state[3] = sum;
  }
}
