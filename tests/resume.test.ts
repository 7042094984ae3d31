import { expect, test } from "vitest";
import { killedRun } from "./killed-run.ts";

test("a run killed at any moment, and resumed, ends as it would have, to the last bit", async () => {
  const { hash } = await killedRun(0, 0);
  let met = 0;
  for (const [kills, seed] of [
    [1, 1],
    [4, 2],
    [5, 3],
  ]) {
    const killed = await killedRun(kills, seed);
    expect(killed.hash, `seed ${seed}`).toBe(hash);
    met += killed.met;
  }
  expect(met).toBeGreaterThan(5);
}, 120_000);
