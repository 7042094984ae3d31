import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { fuzz } from "../../src/data/formats/fuzz.node.ts";
import { fuzzedReaders } from "../../src/data/formats/fuzz-readers.node.ts";

// A million inputs a reader, other ones every day. GRADUS_FUZZ sets how many, GRADUS_FUZZ_SEED replays a day.

const count = Number(process.env.GRADUS_FUZZ ?? 1_000_000);
const seed = Number(process.env.GRADUS_FUZZ_SEED ?? Math.floor(Date.now() / 86_400_000));

test.each(fuzzedReaders())(
  "$name: whatever the bytes, data or one clear refusal",
  { timeout: 3_600_000 },
  async (reader) => {
    console.log(`${reader.name}: ${count} inputs of seed ${seed}`);
    for (let from = 0; from < count; from += 1000) {
      expect(fuzz(reader, seed, from, Math.min(from + 1000, count))).toBeUndefined();
      await setImmediate(); // zlib's memory is given back between two turns of the event loop
    }
  },
);
