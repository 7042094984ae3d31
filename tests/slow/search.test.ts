import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { stream } from "../../src/math/random/stream.ts";
import { gradus, gradusJson, temporaryFolder } from "../run-gradus.ts";
import { coarseToFine, digits } from "../searches.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);

const asynchronous = { kind: "asynchronous-successive-halving", first: 40, eta: 2 };

test.each([
  { name: "without a pruner", search: coarseToFine },
  { name: "with an asynchronous pruner", search: { ...coarseToFine, pruner: asynchronous } },
])(
  "killed with -9 at five random moments a search $name ends as the one that was never killed",
  async ({ name, search }) => {
    const file = join(folder, `${name.replaceAll(" ", "-")}.json`);
    writeFileSync(file, JSON.stringify(search));
    const storeOf = (part: string) => ({ env: { GRADUS_STORE: join(folder, `${name}-${part}`) } });
    const began = performance.now();
    // A process of its own, as those that are killed.
    const whole = await gradusJson(["search", file], { ...storeOf("whole"), process: true });
    const length = performance.now() - began;
    for (const seed of [1, 2, 3]) {
      const moments = stream(seed, "kill").uniform(0, 1, 5);
      let hits = 0;
      for (const moment of moments) {
        const { exitCode } = await gradus(["search", file], {
          ...storeOf(`${seed}`),
          onStart: (child) => void pause(moment * length).then(() => child.kill("SIGKILL")),
        });
        if (exitCode === null) hits += 1;
      }
      const again = await gradusJson(["search", file], storeOf(`${seed}`));
      expect(digits(again), `seed ${seed}`).toEqual(digits(whole));
      const { runs } = await gradusJson(["runs", "--tag", "two-stages"], storeOf(`${seed}`));
      expect(runs.every(({ state }: { state: string }) => state === "finished")).toBe(true);
      expect((await gradusJson(["doctor"], storeOf(`${seed}`))).findings).toEqual([]);
      process.stdout.write(`${name}, seed ${seed}: ${hits} of 5 kills hit a search at work\n`);
    }
  },
);
