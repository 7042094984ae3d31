import { Fault } from "../../fault/fault.ts";
import { processorTime } from "../../files/fixtures/processor-time.node.ts";
import { stream } from "../../math/random/stream.ts";
import { type Dataset, requireDataset } from "../dataset.ts";

// Inputs that no honest program writes, and what a reader may do with them: give data, or one Fault that says where and what.
// Input number i of a seed is a function of (reader, seed, i), so a failure is replayed by its numbers.

/** A reader, good files to start from, and what builds files that are right but for a lie. */
export interface FuzzedReader {
  readonly name: string;
  readonly corpus: readonly Uint8Array[];
  readonly build?: (dice: Dice) => Uint8Array;
  readonly read: (bytes: Uint8Array, place: string) => Dataset;
}

/** Random choices of one input. */
export interface Dice {
  /** A whole number from 0 to `below` - 1. */
  readonly roll: (below: number) => number;
  readonly pick: <Item>(items: readonly Item[]) => Item;
  readonly bytes: (count: number) => Uint8Array;
}

/** Milliseconds a reader may take for one small input. */
const PATIENCE = 1000;
/** Bytes an input may grow to: what is large tests the machine, not the reader. */
const LONGEST = 2 ** 16;

function diceOf(name: string, seed: number, index: number): Dice {
  const generator = stream(seed, `fuzz ${name}`, index);
  let drawn = generator.random(32);
  let at = 0;
  const next = () => {
    if (at === drawn.length) [drawn, at] = [generator.random(128), 0];
    return drawn[at++];
  };
  const roll = (below: number) => Math.floor(next() * below);
  return {
    roll,
    pick: (items) => items[roll(items.length)],
    bytes: (count) => Uint8Array.from({ length: count }, () => roll(256)),
  };
}

/** Input number `index`: built, or a file of the corpus that was mutated, cut off, or spliced with another. */
export function inputOf(reader: FuzzedReader, seed: number, index: number): Uint8Array {
  const dice = diceOf(reader.name, seed, index);
  const { corpus, build } = reader;
  if (build !== undefined && (corpus.length === 0 || dice.roll(2) === 0)) {
    const built = build(dice);
    return dice.roll(4) === 0 ? mutated(built, dice) : built;
  }
  const start = dice.pick(corpus);
  switch (dice.roll(8)) {
    case 0:
      return start.slice(0, dice.roll(start.length + 1));
    case 1:
      return spliced(start, dice.pick(corpus), dice);
    case 2:
      return dice.bytes(dice.roll(200));
    default:
      return mutated(start, dice);
  }
}

function spliced(first: Uint8Array, second: Uint8Array, dice: Dice): Uint8Array {
  const head = first.subarray(0, dice.roll(first.length + 1));
  const tail = second.subarray(dice.roll(second.length + 1));
  const joined = new Uint8Array(head.length + tail.length);
  joined.set(head);
  joined.set(tail, head.length);
  return joined.slice(0, LONGEST);
}

/** A copy with one to six changes; most fall near the beginning, where headers are. */
function mutated(start: Uint8Array, dice: Dice): Uint8Array {
  let bytes: Uint8Array = start.slice();
  for (let changes = 1 + dice.roll(6); changes > 0 && bytes.length > 0; changes--) {
    const at = dice.roll(dice.roll(2) === 0 ? Math.min(bytes.length, 300) : bytes.length);
    switch (dice.roll(6)) {
      case 0:
        bytes[at] ^= 1 << dice.roll(8);
        break;
      case 1:
        bytes[at] = dice.pick([0, 1, 0x7f, 0x80, 0xff, dice.roll(256)]);
        break;
      case 2:
      case 3:
        writeNumber(bytes, at, dice);
        break;
      case 4:
        bytes.copyWithin(dice.roll(bytes.length), at, at + 1 + dice.roll(64));
        break;
      default:
        bytes = spliced(bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + dice.roll(16))), dice);
    }
  }
  return bytes;
}

/** A length that lies, at byte `at` of `bytes`, which is written. */
function writeNumber(bytes: Uint8Array, at: number, dice: Dice): void {
  const size = dice.pick([1, 2, 4, 8]);
  const value = lyingLength(dice, bytes.length);
  const isLittleEndian = dice.roll(2) === 0;
  for (let digit = 0; digit < size && at + digit < bytes.length; digit++) {
    const power = isLittleEndian ? digit : size - 1 - digit;
    bytes[at + digit] = Math.floor(value / 256 ** power) % 256;
  }
}

/** Lengths that break readers: none, one too many, the largest of every width. */
export function lyingLength(dice: Dice, near: number): number {
  return dice.pick([
    0,
    1,
    near,
    near + 1,
    Math.max(0, near - 1),
    0xff,
    0xffff,
    0x7fffffff,
    0xffffffff,
    2 ** 40,
    2 ** 53 - 1,
  ]);
}

/** What is wrong with how the reader treats these bytes, or undefined. */
export function verdict({ read }: FuzzedReader, bytes: Uint8Array): string | undefined {
  const place = "folder/fuzzed.file";
  const start = processorTime();
  const complaint = outcomeOf(() => read(bytes, place), place);
  const milliseconds = processorTime() - start;
  return complaint ?? (milliseconds > PATIENCE ? `took ${milliseconds.toFixed(0)} ms` : undefined);
}

function outcomeOf(read: () => Dataset, place: string): string | undefined {
  try {
    const dataset = read();
    requireDataset(dataset, place);
    const { shape, dimension, count, classes } = dataset;
    if (count < 1 || classes.length < 1) return "gave a dataset of nothing";
    if (shape !== undefined && shape[0] * shape[1] * shape[2] !== dimension)
      return `the shape ${shape} for ${dimension} bytes`;
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) return `threw ${error instanceof Error ? error.stack : String(error)}`;
    const isClear =
      error.code === "data" &&
      error.place.startsWith(place) &&
      /^byte \d+: expected .+, found .+$/.test(error.complaint) &&
      error.message.length < 1000 &&
      error.remedy.length > 5;
    return isClear ? undefined : `an unclear Fault: ${error.message} | ${error.remedy}`;
  }
}

/**
 * Tries inputs `from` to `to` of a seed. Undefined when all is well, else the sentence that replays the first failure.
 */
export function fuzz(reader: FuzzedReader, seed: number, from: number, to: number): string | undefined {
  for (let index = from; index < to; index++) {
    const input = inputOf(reader, seed, index);
    const complaint = verdict(reader, input);
    if (complaint !== undefined) {
      return `${reader.name}, seed ${seed}, input ${index} (${input.length} bytes): ${complaint}`;
    }
  }
  return undefined;
}
