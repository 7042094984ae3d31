import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { stream } from "../../src/math/random/stream.ts";
import { gradus, gradusJson, temporaryFolder } from "../run-gradus.ts";
import { coarseToFine, digits } from "../searches.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);

// Populations that others see while they train, and enough trials for TPE to begin with what it has learned.
const { spec, stages, ...others } = coarseToFine;
const [coarse, fine] = stages;
const longer = {
  ...others,
  spec: { ...spec, training: { ...spec.training, epochs: 400 } },
  stages: [coarse, { ...fine, sampler: { kind: "tpe", trials: 16 } }],
  final: { "training.epochs": 401 },
};

const asynchronous = { kind: "asynchronous-successive-halving", first: 400, eta: 2 };

test.each([
  { name: "without a pruner", search: longer },
  { name: "with an asynchronous pruner", search: { ...longer, pruner: asynchronous } },
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
      const trash = (await gradusJson(["runs", "--removed"], storeOf(`${seed}`))).runs;
      expect(trash.every(({ state }: { state: string }) => state === "interrupted")).toBe(true);
      expect((await gradusJson(["doctor"], storeOf(`${seed}`))).findings).toEqual([]);
      process.stdout.write(
        `${name}, seed ${seed}: ${hits} of 5 kills hit a search at work, ${trash.length} runs were seen and begun anew\n`,
      );
    }
  },
);
