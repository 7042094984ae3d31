import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { TrainingEvent } from "./event.ts";
import { fold, type RunState } from "./fold.ts";
import { fromExactJson, toExactJson } from "./number.ts";
import { parseSpec } from "./parse-spec.ts";
import { decodeRunEvent, encodeRunEvent, memberEvent, type RunEvent } from "./run-event.ts";
import { foldLog, recordOf, runRecord } from "./run-record.ts";

const spec = parseSpec({ name: "r", training: { steps: 40, schedule: { kind: "constant", rate: 0.1 } } });
const artifact = "a".repeat(64);
const metrics = { loss: 1, cost: 1.5, accuracy: 0.25 };
const created: RunEvent = { kind: "created", spec, data: [{ file: "data_batch_1", sha256: artifact }] };
const opened = (at: string): RunEvent => ({ kind: "opened", at, host: "h", versions: { gradus: "0.1.0" } });
const trained = (seconds: number, event: TrainingEvent): RunEvent => {
  const ofMember = memberEvent(event, 0);
  if (ofMember === undefined) throw new RangeError("not of this member");
  return { kind: "trained", seconds, event: ofMember };
};
const started = (from?: number): TrainingEvent => ({
  kind: "started",
  members: [spec],
  device: { name: "wasm", dtype: "f32", details: "" },
  steps: 40,
  stepsPerEpoch: 10,
  parameters: 7,
  examples: { train: 1, validation: 1, test: 1 },
  ...(from === undefined ? {} : { from }),
});
const measured = (step: number): TrainingEvent => ({
  kind: "measured",
  member: 0,
  measurement: { step, learningRate: 0.1, train: metrics, validation: metrics },
});
const kept = (step: number, seconds: number): RunEvent => ({
  kind: "kept",
  what: "checkpoint",
  step,
  artifact,
  size: 3,
  seconds,
});

/** A run whose process died after update 25, resumed from update 20. */
const log: RunEvent[] = [
  created,
  opened("2026-11-21T10:00:00.000Z"),
  trained(0, started()),
  trained(1, measured(0)),
  trained(2, measured(10)),
  kept(10, 2),
  trained(3, measured(20)),
  kept(20, 3),
  trained(4, { kind: "progress", step: 24, loss: [0.5], learningRate: [0.1] }),
  trained(5, measured(25)),
  kept(25, 5),
  { kind: "labelled", tags: ["watched"], notes: "dies soon" },
  opened("2026-11-21T11:00:00.000Z"),
  trained(0, started(20)),
  trained(1, measured(30)),
];

test("a record is what the log tells: each measurement once, the time of all sessions, the last label", () => {
  const run = runRecord("id", log);
  expect(run).toMatchObject({
    id: "id",
    name: "r",
    state: "open",
    tags: ["watched"],
    notes: "dies soon",
    startedAt: "2026-11-21T10:00:00.000Z",
    sessions: 2,
    seconds: 6,
  });
  expect(run?.training?.series.map(({ step }) => step)).toEqual([0, 10, 20, 30]);
  expect(run?.checkpoints.map(({ step }) => step)).toEqual([10, 20]);
});

test("what was said at an update is said once, however often the run goes on from there", () => {
  const noticed: TrainingEvent = {
    kind: "noticed",
    member: 0,
    step: 20,
    notice: { about: "at-chance", text: "t", remedy: "u" },
  };
  const again = [trained(0, started(20)), trained(1, measured(20)), trained(1, noticed)];
  const run = runRecord("id", [created, trained(0, started()), trained(1, measured(10)), ...again, ...again]);
  expect(run?.training?.series.map(({ step }) => step)).toEqual([10, 20]);
  expect(run?.training?.notices).toHaveLength(1);
});

test("it ends as its last session did", () => {
  const closed = (why: "finished" | "interrupted" | "failed", complaint?: string): RunEvent => ({
    kind: "closed",
    why,
    seconds: 2,
    ...(complaint === undefined ? {} : { complaint }),
  });
  expect(runRecord("id", [...log, closed("interrupted")])).toMatchObject({ state: "interrupted", seconds: 7 });
  const failed = runRecord("id", [...log, closed("failed", "the disk")]);
  expect(failed).toMatchObject({ state: "failed", complaint: "the disk" });
  const again = runRecord("id", [...log, closed("failed", "the disk"), opened("2026-11-21T12:00:00.000Z")]);
  expect(again).toMatchObject({ state: "open", sessions: 3 });
  expect(again).not.toHaveProperty("complaint");
  const divergence = { step: 33, layer: 1, where: "W1" };
  const diverged = trained(2, { kind: "diverged", member: 0, divergence });
  expect(runRecord("id", [...log, diverged, closed("finished")])).toMatchObject({ state: "diverged" });
});

test("a log that does not begin as one is no run's", () => {
  expect(runRecord("id", [])).toBeUndefined();
  expect(runRecord("id", log.slice(1))).toBeUndefined();
});

test("every entry is text and comes back", () => {
  for (const event of log) expect(decodeRunEvent(encodeRunEvent(event), "here")).toEqual(event);
});

test("every double survives an entry: NaN, the infinities and -0 too", () => {
  const doubles = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, -0));
  fc.assert(
    fc.property(doubles, doubles, fc.float(), (loss, cost, accuracy) => {
      const numbers = { loss, cost, accuracy };
      const measurement = { step: 1, learningRate: loss, train: numbers, validation: numbers };
      const event = trained(1, { kind: "measured", member: 0, measurement });
      const back = decodeRunEvent(encodeRunEvent(event), "here");
      expect(back).toEqual(event);
      expect(Object.is(JSON.stringify(back), JSON.stringify(event))).toBe(true);
      for (const value of [loss, cost, accuracy]) expect(fromExactJson(toExactJson(value))).toBe(value);
    }),
  );
});

test("what only looks like a named number stays what it is", () => {
  for (const value of [{ $number: "12" }, { $number: "NaN", more: 1 }, { $number: 5 }, ["NaN"], "-0"]) {
    expect(fromExactJson(toExactJson(value))).toEqual(value);
  }
});

test.each([
  ["not JSON", "{", /not JSON/],
  ["no object", "3", /Invalid/],
  ["another kind", '{"kind":"stolen"}', /kind/],
  ["an unknown key", '{"kind":"labelled","color":"red"}', /color/],
  ["a text for a number", '{"kind":"closed","why":"finished","seconds":"soon"}', /seconds: a number/],
  ["a spec that is none", '{"kind":"created","spec":{},"data":[]}', /spec.training/],
])("an entry is refused: %s", (_what, text, message) => {
  expect(() => decodeRunEvent(text, "log, entry 3")).toThrow(message);
  expect(() => decodeRunEvent(text, "log, entry 3")).toThrow(/^log, entry 3: /);
});

test("of a population's events each log has its member's", () => {
  const both = [parseSpec({ ...spec, seed: 1 }), parseSpec({ ...spec, seed: 2 })];
  const began = { ...started(), members: both } as TrainingEvent;
  expect(memberEvent(began, 1)).toMatchObject({ members: [{ seed: 2 }] });
  expect(memberEvent({ kind: "progress", step: 1, loss: [1, 2], learningRate: [3, 4] }, 1)).toMatchObject({
    loss: [2],
    learningRate: [4],
  });
  expect(memberEvent({ ...measured(1), member: 1 } as TrainingEvent, 0)).toBeUndefined();
  expect(memberEvent({ ...measured(1), member: 1 } as TrainingEvent, 1)).toMatchObject({ member: 0 });
  expect(memberEvent({ kind: "checkpoint", step: 1, checkpoints: [] }, 0)).toBeUndefined();
});

test("a state that was handed out stays as it was, whatever is folded further", () => {
  const first = runRecord("r", log.slice(0, 6));
  const before = structuredClone(first);
  const states: (readonly RunState[])[] = [];
  for (const event of [started(), measured(0), measured(10)]) states.push(fold(states.at(-1) ?? [], event));
  runRecord("r", log);
  fold(states[2], measured(20));
  fold(states[2], measured(30));
  expect(first).toEqual(before);
  expect(states.map(([{ series }]) => series.map(({ step }) => step))).toEqual([[], [0], [0, 10]]);
});

test("folding a log copies its lists once, however long they become", () => {
  const copies = vi.spyOn(WeakSet.prototype, "add");
  const long = [created, opened("2026-11-21T10:00:00.000Z"), trained(0, started())];
  for (let step = 1; step <= 1000; step++) long.push(trained(step, measured(step)), kept(step, step));
  const record = runRecord("r", long);
  // One list of measurements, and one of checkpoints.
  expect(copies).toHaveBeenCalledTimes(2);
  copies.mockRestore();
  expect([record?.training?.series.length, record?.checkpoints.length]).toEqual([1000, 1000]);
  expect(record?.training?.series.at(-1)?.step).toBe(1000);
});

test("a log that is folded on from any entry, or entry by entry, comes to the same", () => {
  const whole = runRecord("id", log);
  for (let cut = 1; cut < log.length; cut++) {
    const before = foldLog("id", log.slice(0, cut));
    const unchanged = JSON.stringify(before);
    expect(recordOf(foldLog("id", log.slice(cut), before))).toEqual(whole);
    expect(JSON.stringify(before)).toBe(unchanged);
  }
  const [first, ...rest] = log;
  const stepwise = rest.reduce((fold, event) => foldLog("id", [event], fold), foldLog("id", [first]));
  expect([stepwise.entries, recordOf(stepwise)]).toEqual([log.length, whole]);
});
