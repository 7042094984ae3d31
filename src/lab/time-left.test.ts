import { expect, test } from "vitest";
import type { TrainingEvent } from "../record/event.ts";
import { fold, type RunState } from "../record/fold.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { type Pace, pace, secondsLeft } from "./time-left.ts";

const spec = parseSpec({ training: { epochs: 50, schedule: { kind: "constant", rate: 0.1 } } });
const metrics = { loss: 1, cost: 1, accuracy: 0.5 };
const device = { name: "wasm", dtype: "f32", details: "" } as const;

/**
 * A training of 5,000 updates of 2 ms, the first 20 of 20 ms, with a measurement of 180 ms after every 100 and one of 1.5 s
 * at its start: its events, with the seconds since its start.
 */
function* training(from: number): Generator<readonly [event: TrainingEvent, at: number]> {
  let at = 0;
  const examples = { train: 10_000, validation: 10_000, test: 10_000 };
  const started = {
    kind: "started",
    members: [spec],
    device,
    steps: 5000,
    stepsPerEpoch: 100,
    parameters: 1,
    examples,
  } as const;
  yield [from === 0 ? started : { ...started, from }, at];
  const measured = (step: number) =>
    ({
      kind: "measured",
      member: 0,
      measurement: { step, learningRate: 0.1, train: metrics, validation: metrics },
    }) as const;
  if (from === 0) yield [measured(0), (at += 1.5)];
  for (let step = from + 20; step <= 5000; step += 20) {
    yield [{ kind: "progress", step, loss: [1], learningRate: [0.1] }, (at += step === from + 20 ? 0.4 : 0.04)];
    if (step % 100 === 0) yield [measured(step), (at += 0.18)];
  }
}

test.each([0, 100, 1000, 4000])("two seconds after update %i the time left is right within a fifth", (from) => {
  const end = [...training(from)].at(-1)?.[1] ?? 0;
  let [now, runs]: [Pace | undefined, readonly RunState[]] = [undefined, []];
  let judged = 0;
  for (const [event, at] of training(from)) {
    runs = fold(runs, event);
    now = pace(now, event, at);
    const left = now && secondsLeft(now, runs[0]);
    if (at < 2 || left === undefined || end - at < 2) continue;
    expect(Math.abs(left - (end - at)) / (end - at), `after ${at} s`).toBeLessThan(0.2);
    judged += 1;
  }
  expect(judged).toBeGreaterThan(2);
});

test("a machine that slows down is followed", () => {
  const [first] = training(0);
  const progress = (step: number): TrainingEvent => ({ kind: "progress", step, loss: [1], learningRate: [0.1] });
  let [now, runs]: [Pace | undefined, readonly RunState[]] = [pace(undefined, first[0], 0), fold([], first[0])];
  let at = 0;
  for (let step = 20; step <= 2000; step += 20) {
    runs = fold(runs, progress(step));
    now = pace(now, progress(step), (at += step <= 1000 ? 0.02 : 0.2));
  }
  // 3,000 updates of 10 ms, and 30 measurements that are taken for half as long as an epoch.
  expect(now && secondsLeft(now, runs[0])).toBeCloseTo(30 + 30, 0);
});
