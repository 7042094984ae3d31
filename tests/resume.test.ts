import { expect, test } from "vitest";
import { killedRun } from "./killed-run.ts";

test("a run killed at any moment, and resumed, ends as it would have, to the last bit: 4 kills", async () => {
  const { hash } = await killedRun(0, 0);
  // Of a fast machine's runs some have ended before the moment that was drawn.
  for (let [hits, seed] = [0, 1]; hits < 4; seed++) {
    const killed = await killedRun(4, seed);
    expect(killed.hash, `seed ${seed}`).toBe(hash);
    hits += killed.hits;
  }
}, 240_000);
