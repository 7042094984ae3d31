import { Fault } from "../fault/fault.ts";
import { divergenceFault } from "../lab/divergence-fault.ts";
import { withStore } from "../lab/open-store.ts";
import { type KeptTraining, type NewRun, trainAndKeep } from "../lab/train-and-keep.ts";
import { comparedTable } from "../report/runs-compared.ts";
import { seedGroups } from "../report/seed-groups.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/store.ts";
import { populationKey } from "../train/plan.ts";
import { type CheckpointFlags, checkpointRhythm } from "./checkpoint-flags.ts";
import { type Console, conclude } from "./console.ts";
import { fetchProgress } from "./data.ts";
import { checkpointRequests, interruptible } from "./interrupt.ts";
import { trainingProgress } from "./training-progress.ts";

/** What belongs to one run, not to several. */
const ofOneRun = ["seed", "report", "record", "figure", "csv", "weights", "model"] as const;

type SeedsOptions = CheckpointFlags & { readonly store: boolean } & Partial<Record<(typeof ofOneRun)[number], unknown>>;

/** `gradus train SPEC --seeds LIST`: one run a seed, side by side where the seeds share their batches, else one after the other. */
export async function trainSeeds(
  newRun: NewRun,
  seeds: readonly number[],
  options: SeedsOptions,
  console: Console,
): Promise<void> {
  const stray = ofOneRun.find((flag) => options[flag] !== undefined);
  if (stray !== undefined) {
    const remedy = "leave it out; `gradus report` and `gradus compare` take all the runs, by their --tag";
    throw new Fault("usage", `--${stray}`, "is of one run, and --seeds are several", remedy);
  }
  const populations = new Map<string, NewRun[]>();
  for (const seed of seeds) {
    const spec = { ...newRun.spec, seed };
    const key = populationKey(spec);
    populations.set(key, [...(populations.get(key) ?? []), { ...newRun, spec }]);
  }
  const train = async (store: Store, checkpoints?: ReturnType<typeof checkpointRhythm>) => {
    const trained: KeptTraining[] = [];
    let ids: readonly string[] = [];
    const listen = trainingProgress(console);
    for (const population of populations.values()) {
      const work = async (signal: AbortSignal) =>
        await trainAndKeep(store, population, {
          signal,
          onFetch: fetchProgress(console),
          checkpoints,
          checkpointRequests,
          onBegun: (begunIds) => {
            ids = begunIds;
          },
          listen,
        });
      const goOn = () => ids.map((id) => `\`gradus resume ${id}\``).join(", ");
      trained.push(
        ...(await interruptible("train", work, () => (ids.length === 0 ? "run the command again" : goOn()))),
      );
    }
    console.settle();
    return trained;
  };
  const trained = options.store
    ? await withStore((store) => train(store, checkpointRhythm(options)))
    : await train(createMemoryStore());
  console.table(comparedTable(seedGroups(trained.map(({ run }) => run))));
  if (!console.json && options.store) console.say(`\nkept as ${trained.map(({ run }) => run.id).join(", ")}`);
  const failures = trained.map(({ document }) => divergenceFault(document, options.store));
  conclude(
    console,
    { runs: trained.map(({ document }) => document) },
    failures.find((fault) => fault !== undefined),
  );
}
