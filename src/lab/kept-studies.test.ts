import { expect, test } from "vitest";
import { parseSearch } from "../search/search-document.ts";
import type { StudyEvent } from "../search/study-event.ts";
import { packed } from "../search/study-state.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { openStudy, readStudy, requireStudy, studyLog } from "./kept-studies.ts";

const document = parseSearch({
  name: "long",
  spec: { training: { epochs: 1, schedule: { kind: "constant", rate: 0.01 } } },
  vary: { "training.lambda": { kind: "log", low: 1e-5, high: 0.1 } },
  stages: [{ sampler: { kind: "random", trials: 1000 } }],
  seeds: 2,
});
const stage: StudyEvent = { kind: "stage", stage: 0, space: document.vary };
const proposed = (trial: number): StudyEvent => {
  return { kind: "proposed", trial, stage: 0, setting: { "training.lambda": 1e-5 * (1 + trial) }, by: "sampler" };
};
const ended = (trial: number, seed: number, accuracy: number): StudyEvent => {
  return { kind: "ended", trial, seed, run: `run-${trial}`, images: 9, outcome: { state: "finished", accuracy } };
};

test("a long log is read from a summary on; what follows is folded onto it, and nothing is different", async () => {
  const store = createMemoryStore();
  const study = await openStudy(store, document);
  await study.append([stage]);
  for (let first = 0; first < 600; first += 50) {
    const trials = Array.from({ length: 50 }, (_, i) => first + i);
    const right = packed([true, false, true, true, true, false, false, true, true]);
    const judged = { kind: "judged", trial: first, seed: 0, images: 9, right } as const;
    await study.append([
      ...trials.flatMap((trial) => [proposed(trial), ended(trial, 0, trial % 7 ? 0.5 : Number.NaN)]),
      judged,
    ]);
  }
  const [{ summary, entries }] = await store.logs({ kind: "study" });
  expect(summary?.entries).toBeGreaterThan(1000);
  expect(entries).toBeGreaterThan(summary?.entries ?? 0);
  const whole = createMemoryStore();
  await whole.append({ log: studyLog("long"), kind: "study", at: 0, entries: await store.read(studyLog("long")) });
  const [fromSummary, fromLog] = [await readStudy(store, "long"), await readStudy(whole, "long")];
  expect(fromSummary?.state).toEqual(fromLog?.state);
  await fromSummary?.append([ended(0, 1, 0.4)]);
  expect((await requireStudy(store, "long")).state.trials[0].runs).toHaveLength(2);
});

test("a summary of another form is passed over", async () => {
  const store = createMemoryStore();
  await (await openStudy(store, document)).append([stage, proposed(0)]);
  await store.summarise([{ log: studyLog("long"), entries: 3, text: '{"version":0}' }]);
  expect((await requireStudy(store, "long")).state.trials).toHaveLength(1);
});

test("two processes write one study: each takes in what the other added, and a decision is made on what both know", async () => {
  const store = createMemoryStore();
  const first = await openStudy(store, document);
  await first.append([stage, proposed(0), proposed(1)]);
  const second = await requireStudy(store, "long");
  await first.append([ended(0, 0, 0.5)]);
  await second.append([ended(1, 0, 0.6)]);
  expect(second.state.trials.map(({ runs }) => runs.length)).toEqual([1, 1]);
  expect(first.state.trials.map(({ runs }) => runs.length)).toEqual([1, 0]);
  const seen: number[] = [];
  await first.decide((state) => {
    seen.push(state.trials[1].runs.length);
    return [ended(0, 1, 0.5)];
  });
  expect(seen).toEqual([1]);
  // Somebody is faster between the decision and the disk.
  let isFirst = true;
  await second.decide((state) => {
    if (isFirst) void first.append([ended(1, 1, 0.7)]);
    isFirst = false;
    seen.push(state.trials[1].runs.length);
    return [{ kind: "reached", trial: 1, rung: 10, accuracy: 0.7, goesOn: state.trials[1].runs.length > 1 }];
  });
  expect(seen).toEqual([1, 1, 2]);
  expect((await requireStudy(store, "long")).state).toEqual(second.state);
  expect(second.state.trials[1].reached).toEqual([{ rung: 10, accuracy: 0.7, goesOn: true }]);
});
