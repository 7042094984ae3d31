import { expect, test } from "vitest";
import { parseSearch } from "../search/search-document.ts";
import { decodeStudyEvent, encodeStudyEvent, type StudyEvent } from "../search/study-event.ts";
import { foldStudy, packed } from "../search/study-state.ts";
import { knownAlready } from "./study-outcomes.ts";

const document = parseSearch({
  name: "twice",
  spec: { training: { steps: 1, schedule: { kind: "constant", rate: 0.1 } } },
  vary: { "training.lambda": { kind: "log", low: 1e-4, high: 1, count: 2 } },
  stages: [{ sampler: { kind: "grid" } }, { sampler: { kind: "grid" } }],
});
const by = { host: "ada", device: "wasm" };
const outcome = { state: "finished" as const, accuracy: 0.5, seconds: 2 };
const proposed = (trial: number, stage: number): StudyEvent => ({
  kind: "proposed",
  trial,
  stage,
  setting: { "training.lambda": 1e-4 },
  by: "sampler",
});
const ended: StudyEvent = { kind: "ended", trial: 0, seed: 0, run: "a", by, outcome };
const events = [{ kind: "created" as const, document }, proposed(0, 0), ended, proposed(1, 1)];

test("a setting that another machine has tried before is known, with who did, and can be read again", () => {
  const known = knownAlready(foldStudy(undefined, ...events));
  const again = { ...ended, trial: 1, outcome: { ...outcome, seconds: 0 } };
  expect(known).toEqual([again]);
  expect(decodeStudyEvent(encodeStudyEvent(known[0]), "here")).toEqual(again);
});

test("and which images it has right", () => {
  const judged = { kind: "judged" as const, trial: 0, seed: 0, images: 3, right: packed([true, false, true]) };
  const now = foldStudy(undefined, ...events, judged);
  const known = knownAlready(now);
  expect(known[1]).toEqual({ ...judged, trial: 1 });
  expect(foldStudy(now, ...known).trials[1].runs[0].right).toEqual([true, false, true]);
});

test("who computed it is read where version 0.3.0 wrote it", () => {
  const old = JSON.stringify({ kind: "ended", trial: 1, seed: 0, run: "a", outcome: { ...outcome, by } });
  const state = foldStudy(undefined, ...events, decodeStudyEvent(old, "here"));
  expect(state.trials[1].runs).toMatchObject([{ by }]);
});

test("runs stand by seed and fold, in whatever order they arrive", () => {
  const run = (seed: number, fold: number): StudyEvent => ({ ...ended, seed, fold, run: `${seed}.${fold}` });
  const state = foldStudy(undefined, ...events.slice(0, 2), run(1, 0), run(0, 1), run(0, 0), run(1, 1));
  expect(state.trials[0].runs.map(({ run }) => run)).toEqual(["0.0", "0.1", "1.0", "1.1"]);
});

test("what could not be read again is not written", () => {
  expect(() => encodeStudyEvent({ ...ended, outcome: { ...outcome, colour: "red" } } as never)).toThrow(/colour/);
});
