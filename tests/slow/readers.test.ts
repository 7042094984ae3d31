import { expect, test } from "vitest";
import { fuzz } from "../../src/data/formats/fuzz.ts";
import { fuzzedReaders } from "../../src/data/formats/fuzz-readers.node.ts";

// A million inputs a reader, other ones every day. GRADUS_FUZZ sets how many, GRADUS_FUZZ_SEED replays a day.

const count = Number(process.env.GRADUS_FUZZ ?? 1_000_000);
const seed = Number(process.env.GRADUS_FUZZ_SEED ?? Math.floor(Date.now() / 86_400_000));

test.each(fuzzedReaders())("$name: whatever the bytes, data or one clear refusal", { timeout: 3_600_000 }, (reader) => {
  console.log(`${reader.name}: ${count} inputs of seed ${seed}`);
  expect(fuzz(reader, seed, 0, count)).toBeUndefined();
});
