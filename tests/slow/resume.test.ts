import { expect, test } from "vitest";
import { stream } from "../../src/math/random/stream.ts";
import { killedRun } from "../killed-run.ts";

const wanted = Number(process.env.GRADUS_KILLS ?? 200);

test(`${wanted} kills: every run ends as the one that was never killed`, async () => {
  const { hash: whole } = await killedRun(0, 0);
  let met = 0;
  let runs = 0;
  for (let seed = 1; met < wanted; seed++) {
    const kills = 1 + Math.floor(5 * stream(seed, "kills").uniform(0, 1, 1)[0]);
    const killed = await killedRun(kills, seed);
    expect(killed.hash, `seed ${seed}`).toBe(whole);
    met += killed.met;
    runs += 1;
  }
  process.stdout.write(`${met} kills of ${runs} runs, all ended identically\n`);
});
