import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStudy, readStudy } from "../src/lab/kept-studies.ts";
import { runStudy } from "../src/lab/run-study.ts";
import { trainAndKeep } from "../src/lab/train-and-keep.ts";
import { stream } from "../src/math/random/stream.ts";
import { parseSpec } from "../src/record/parse-spec.ts";
import type { SpecInput } from "../src/record/spec.ts";
import { parseSearch } from "../src/search/search-document.ts";
import { searchResult } from "../src/search/search-result.ts";
import { type Observed, type Space, settingAt } from "../src/search/space.ts";
import type { StudyEvent } from "../src/search/study-event.ts";
import { tpe } from "../src/search/tpe.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { openStore } from "../src/store/open-store.node.ts";
import { openTrainer } from "../src/worker/train-in-thread.node.ts";
import { median } from "./median.ts";

// What a search costs beside its arithmetic: `node bench/search.ts [tpe] [list] [overhead] [lambdas]`, all where none is named.

const names = process.argv.slice(2);
const isWanted = (name: string) => names.length === 0 || names.includes(name);
const folder = await mkdtemp(join(tmpdir(), "gradus-bench-"));
try {
  if (isWanted("tpe")) await nextOfTenThousand();
  if (isWanted("list")) await tenThousandListed();
  if (isWanted("overhead")) await overhead();
  if (isWanted("lambdas")) await twentyLambdas();
} finally {
  await rm(folder, { recursive: true, force: true });
}

function report(what: string, value: number, unit: string, aim: string): void {
  console.log(`${what}: ${value.toPrecision(3)} ${unit} (aim: ${aim})`);
}

async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Milliseconds of processor time: what one thread computes is told apart from what else the machine does. */
async function processorTime(work: () => unknown): Promise<number> {
  const began = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

async function nextOfTenThousand(): Promise<void> {
  const space: Space = {
    lambda: { kind: "log", low: 1e-5, high: 0.1 },
    rate: { kind: "log", low: 1e-3, high: 1 },
    dropout: { kind: "uniform", low: 0, high: 0.9 },
    update: { kind: "choice", values: ["sgd", "momentum"] },
  };
  const random = stream(1, "bench");
  const trials: Observed[] = Array.from({ length: 10_000 }, () => {
    const point = random.random(4);
    return { setting: settingAt(space, point), loss: point[0] + point[1] };
  });
  const times: number[] = [];
  for (let i = 0; i < 11; i++) times.push(await processorTime(() => tpe(space, trials, i)));
  report("the TPE's next of 10,000 trials, processor time", median(times), "ms", "under 50");
}

async function tenThousandListed(): Promise<void> {
  const store = await openStore(join(folder, "list"));
  const document = parseSearch({
    name: "large",
    spec: { training: { epochs: 1, schedule: { kind: "constant", rate: 0.01 } } },
    vary: { "training.lambda": { kind: "log", low: 1e-5, high: 0.1 } },
    stages: [{ sampler: { kind: "random", trials: 10_000 } }],
  });
  const study = await openStudy(store, document);
  const space = document.vary;
  const events: StudyEvent[] = [{ kind: "stage", stage: 0, space }];
  for (let trial = 0; trial < 10_000; trial++) {
    const setting = { "training.lambda": 1e-5 * (1 + trial) };
    const outcome = { state: "finished", accuracy: 0.4 + 1e-5 * trial, parameters: 1, seconds: 1 } as const;
    events.push(
      { kind: "proposed", trial, stage: 0, setting, by: "sampler" },
      { kind: "ended", trial, seed: 0, run: `run-${trial}`, images: 5000, outcome },
    );
  }
  await study.append(events);
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    times.push(
      await processorTime(async () => {
        const read = await readStudy(store, "large");
        if (read === undefined || searchResult(read.state).order.length !== 10_000)
          throw new Error("not all are listed");
      }),
    );
  }
  report("10,000 finished trials read, ranked and listed, processor time", median(times), "ms", "under 200");
  await store.close();
}

/** A search's wall time over that of the same populations in one memory, without studies and a store. */
async function overhead(): Promise<void> {
  const base: SpecInput = {
    data: { limit: { validation: 1000 } },
    training: { epochs: 1, schedule: { kind: "constant", rate: 0.01 } },
    evaluate: { every: "end", test: false },
  };
  const trials = 1000;
  const trainer = openTrainer();
  const bare = async () => {
    for (let done = 0; done < trials; done += 32) {
      const members = Math.min(32, trials - done);
      const runs = Array.from({ length: members }, (_, i) => ({ spec: parseSpec({ ...base, name: `bare-${i}` }) }));
      await trainAndKeep(createMemoryStore(), runs, { train: trainer.train });
    }
  };
  const searched = async () => {
    const store = await openStore(join(folder, "overhead"));
    const study = await openStudy(
      store,
      parseSearch({
        name: "overhead",
        spec: base as never,
        vary: { "training.lambda": { kind: "log", low: 1e-5, high: 0.1 } },
        stages: [{ sampler: { kind: "random", trials } }],
      }),
    );
    await runStudy(store, study, { train: trainer.train });
    await store.close();
  };
  await trainAndKeep(createMemoryStore(), [{ spec: parseSpec(base) }], { train: trainer.train });
  const without = await timed(bare);
  const withStudy = await timed(searched);
  report("scheduling and storing of 1,000 trials of one epoch", 100 * (withStudy / without - 1), "%", "under 2");
  await trainer.close();
}

/** A coarse search against one of its runs, on whatever device is best here. */
async function twentyLambdas(): Promise<void> {
  const spec: SpecInput = {
    data: { split: { kind: "hold-out", validation: 5000 } },
    training: { schedule: { kind: "triangular", min: 1e-5, max: 0.1, halfCycle: 900 }, cycles: 2 },
    evaluate: { every: "end", test: false },
  };
  const trainer = openTrainer();
  const trainOne = () => trainAndKeep(createMemoryStore(), [{ spec: parseSpec(spec) }], { train: trainer.train });
  await trainOne();
  const alone = [await timed(trainOne), 0, 0];
  const store = await openStore(join(folder, "lambdas"));
  const study = await openStudy(
    store,
    parseSearch({
      spec: spec as never,
      vary: { "training.lambda": { kind: "log", low: 1e-5, high: 0.1, count: 20 } },
      stages: [{ sampler: { kind: "grid" } }],
    }),
  );
  const all = await timed(() => runStudy(store, study, { train: trainer.train }));
  alone[1] = await timed(trainOne);
  alone[2] = await timed(trainOne);
  report("a search of 20 lambdas, in times of one run", all / median(alone), "", "at most 12");
  await store.close();
  await trainer.close();
}
