import { Fault } from "../../fault/fault.ts";

const POOL_SIZE = 4;
// Hash constants: O'Neill 2015, "Developing a seed_seq alternative" (pcg-random.org), as NumPy chose them.
const INIT_A = 0x43b0d7e5;
const MULT_A = 0x931e8875;
const INIT_B = 0x8b51f9dd;
const MULT_B = 0x58f38ded;
const MIX_LEFT = 0xca01f9dd;
const MIX_RIGHT = 0x4973f715;

/** `count` 32-bit words from a list of 32-bit words of entropy: NumPy's `SeedSequence(entropy).generate_state(count)`. */
export function seedSequence(entropy: readonly number[], count: number): Uint32Array {
  const pool = mixedPool(entropy);
  const hash = hasher(INIT_B, MULT_B);
  return Uint32Array.from({ length: count }, (_, i) => hash(pool[i % POOL_SIZE]));
}

/** A seed as 32-bit words, the least significant first, as NumPy splits it: 0 is one word. */
export function seedWords(seed: number | bigint): number[] {
  if (typeof seed === "number") requireSeed(seed);
  else if (seed < 0n) throw seedFault(seed);
  const words: number[] = [];
  let rest = BigInt(seed);
  do {
    words.push(Number(rest & 0xffffffffn));
    rest >>= 32n;
  } while (rest > 0n);
  return words;
}

/** Refuses a seed that is not a safe integer >= 0. */
export function requireSeed(seed: number): void {
  if (!Number.isSafeInteger(seed) || seed < 0) throw seedFault(seed);
}

function seedFault(seed: unknown): Fault {
  return new Fault("spec", "seed", `${seed} is not a seed`, "Give an integer from 0 to 9007199254740991.");
}

function mixedPool(entropy: readonly number[]): Uint32Array {
  const hash = hasher(INIT_A, MULT_A);
  const pool = Uint32Array.from({ length: POOL_SIZE }, (_, i) => hash(entropy[i] ?? 0));
  for (let from = 0; from < POOL_SIZE; from++) {
    for (let to = 0; to < POOL_SIZE; to++) if (to !== from) pool[to] = mix(pool[to], hash(pool[from]));
  }
  for (const word of entropy.slice(POOL_SIZE)) {
    for (let to = 0; to < POOL_SIZE; to++) pool[to] = mix(pool[to], hash(word));
  }
  return pool;
}

/** A hash whose constant moves on with every word it takes. */
function hasher(start: number, multiplier: number): (word: number) => number {
  let constant = start;
  return (word) => {
    const mixed = word ^ constant;
    constant = Math.imul(constant, multiplier);
    const product = Math.imul(mixed, constant);
    return product ^ (product >>> 16);
  };
}

function mix(left: number, right: number): number {
  const mixed = Math.imul(MIX_LEFT, left) - Math.imul(MIX_RIGHT, right);
  return mixed ^ ((mixed >>> 0) >>> 16);
}
