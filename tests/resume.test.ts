import { expect, test } from "vitest";
import { killedRun } from "./killed-run.ts";

test("a run killed at any moment, and resumed, ends as it would have, to the last bit: 4 kills", async () => {
  const { hash } = await killedRun(0, 0);
  // Of its four kills seed 4 has one before the training. Where a fast machine's run has ended before the others, another is killed.
  for (let [hits, seed] = [0, 4]; hits < 3; seed++) {
    const killed = await killedRun(4, seed);
    expect(killed.hash, `seed ${seed}`).toBe(hash);
    hits += killed.hits;
  }
}, 240_000);
