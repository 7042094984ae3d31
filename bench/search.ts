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
import type { Trainer } from "../src/worker/trainer.ts";
import { type SearchCosts, searchAims } from "./aims.ts";
import { median } from "./median.ts";

// What a search costs beside its arithmetic: `node bench/search.ts [--quick] [--json] [tpe] [list] [overhead] [lambdas]`, all where none is
// named. Hurried, there are 96 trials for 1,000, and cycles of a quarter.

const words = process.argv.slice(2);
const [isQuick, isJson] = ["--quick", "--json"].map((flag) => words.includes(flag));
const names = words.filter((word) => !word.startsWith("--"));
const folder = await mkdtemp(join(tmpdir(), "gradus-bench-"));
const costs: { -readonly [key in keyof SearchCosts]: SearchCosts[key] } = {};
try {
  for (const [name, measure] of Object.entries({
    tpe: nextOfTenThousand,
    list: tenThousandListed,
    overhead,
    lambdas,
  })) {
    if (names.length === 0 || names.includes(name)) costs[name as keyof SearchCosts] = await measure();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
if (isJson) process.stdout.write(`${JSON.stringify(costs)}\n`);
else {
  for (const { aim, wanted, reached, met } of searchAims(costs).filter(({ met }) => met !== null)) {
    console.log(`${aim}: ${reached} (aim: ${wanted}; ${met ? "met" : "missed"})`);
  }
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

/** Milliseconds of processor time until TPE has proposed after 10,000 trials. */
async function nextOfTenThousand(): Promise<number> {
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
  return median(times);
}

/** Milliseconds of processor time until 10,000 finished trials are read, ranked and listed. */
async function tenThousandListed(): Promise<number> {
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
  // As populations of 32 come in.
  for (let at = 0; at < events.length; at += 64) await study.append(events.slice(at, at + 64));
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
  await store.close();
  return median(times);
}

/** What a search takes beside its trainings, in percent of what those take, of trials of one epoch. */
async function overhead(): Promise<number> {
  const spec: SpecInput = {
    data: { limit: { validation: 1000 } },
    training: { epochs: 1, schedule: { kind: "constant", rate: 0.01 } },
    evaluate: { every: "end", test: false },
  };
  const trainer = openTrainer();
  let training = 0;
  const train: Trainer["train"] = async function* (...order) {
    const began = performance.now();
    try {
      return yield* trainer.train(...order);
    } finally {
      training += performance.now() - began;
    }
  };
  await trainAndKeep(createMemoryStore(), [{ spec: parseSpec(spec) }], { train: trainer.train });
  const store = await openStore(join(folder, "overhead"));
  const document = parseSearch({
    spec: spec as never,
    vary: { "training.lambda": { kind: "log", low: 1e-5, high: 0.1 } },
    stages: [{ sampler: { kind: "random", trials: isQuick ? 96 : 1000 } }],
  });
  const study = await openStudy(store, document);
  const all = await timed(() => runStudy(store, study, { train }));
  await store.close();
  await trainer.close();
  return 100 * (all / training - 1);
}

/** The time of a coarse search of 20 lambdas over that of one of its runs, on whatever device is best here. */
async function lambdas(): Promise<number> {
  const halfCycle = isQuick ? 225 : 900;
  const spec: SpecInput = {
    data: { split: { kind: "hold-out", validation: 5000 } },
    training: { schedule: { kind: "triangular", min: 1e-5, max: 0.1, halfCycle }, cycles: 2 },
    evaluate: { every: "end", test: false },
  };
  const trainer = openTrainer();
  const trainOne = () => trainAndKeep(createMemoryStore(), [{ spec: parseSpec(spec) }], { train: trainer.train });
  await trainOne();
  const alone = [await timed(trainOne), 0, 0];
  const store = await openStore(join(folder, "lambdas"));
  const document = parseSearch({
    spec: spec as never,
    vary: { "training.lambda": { kind: "log", low: 1e-5, high: 0.1, count: 20 } },
    stages: [{ sampler: { kind: "grid" } }],
  });
  const study = await openStudy(store, document);
  const all = await timed(() => runStudy(store, study, { train: trainer.train }));
  alone[1] = await timed(trainOne);
  alone[2] = await timed(trainOne);
  await store.close();
  await trainer.close();
  return all / median(alone);
}
