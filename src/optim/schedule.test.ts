import { describe, expect, test } from "vitest";
import { learningRate as rateOf, type ScheduleDescription } from "./schedule.ts";

const length = { steps: 5000, stepsPerEpoch: 40 };
const learningRate = (schedule: ScheduleDescription, step: number) => rateOf(schedule, step, length);

describe("triangular", () => {
  const schedule: ScheduleDescription = { kind: "triangular", min: 1e-5, max: 0.1, halfCycle: 500, start: 0 };

  test("climbs in a straight line, turns at n_s and comes back at 2 n_s", () => {
    expect(learningRate(schedule, 0)).toBe(1e-5);
    expect(learningRate(schedule, 250)).toBeCloseTo((1e-5 + 0.1) / 2, 15);
    expect(learningRate(schedule, 500)).toBe(0.1);
    expect(learningRate(schedule, 750)).toBeCloseTo((1e-5 + 0.1) / 2, 15);
    expect(learningRate(schedule, 999)).toBeCloseTo(1e-5 + (0.1 - 1e-5) / 500, 15);
  });

  test("every cycle is the first again", () => {
    for (const step of [0, 1, 499, 500, 501, 999]) {
      expect(learningRate(schedule, step + 3000)).toBe(learningRate(schedule, step));
    }
  });

  test("counted from 1, the first update is one step up", () => {
    expect(learningRate({ ...schedule, start: 1 }, 0)).toBe(learningRate(schedule, 1));
  });
});

test("step decay multiplies after every so many steps", () => {
  const schedule: ScheduleDescription = { kind: "step-decay", rate: 0.1, factor: 0.5, every: 100 };
  expect([0, 99, 100, 250].map((step) => learningRate(schedule, step))).toEqual([0.1, 0.1, 0.05, 0.025]);
});

test("without a number of steps the decay comes after every epoch", () => {
  const schedule: ScheduleDescription = { kind: "step-decay", rate: 0.1, factor: 0.5 };
  expect([0, 39, 40, 80].map((step) => learningRate(schedule, step))).toEqual([0.1, 0.1, 0.05, 0.025]);
});

test("a ramp goes from its first to its last rate by one factor a step", () => {
  const schedule: ScheduleDescription = { kind: "ramp", min: 1e-4, max: 1 };
  expect(learningRate(schedule, 0)).toBe(1e-4);
  expect(learningRate(schedule, 4999)).toBeCloseTo(1, 12);
  expect(learningRate(schedule, 2000) / learningRate(schedule, 1999)).toBeCloseTo(1e4 ** (1 / 4999), 12);
});

test("a triangular rate with decay halves its height above the foot after each cycle", () => {
  const schedule: ScheduleDescription = { kind: "triangular", min: 0.1, max: 0.5, halfCycle: 10, start: 0, decay: 0.5 };
  const rates = [0, 5, 10, 20, 30, 45, 50].map((step) => learningRate(schedule, step));
  // 0.1 + height 0.4 / 2^cycle
  expect(rates).toEqual([0.1, 0.3, 0.5, 0.1, 0.3, 0.15, 0.2].map((rate) => expect.closeTo(rate, 15)));
});

test("a cosine falls from its first rate towards its last over the whole run, or over each of its cycles", () => {
  const schedule: ScheduleDescription = { kind: "cosine", max: 0.5, min: 0.1 };
  // 0.1 + 0.4 (1 + cos(pi t / 5000)) / 2: a sixth of the way 0.1 + 0.2 (1 + sqrt(3) / 2), a third 0.1 + 0.2 (1.5).
  expect(rateOf(schedule, 0, length)).toBe(0.5);
  expect(rateOf(schedule, 500, { ...length, steps: 3000 })).toBeCloseTo(0.1 + 0.2 * (1 + Math.sqrt(3) / 2), 14);
  expect(rateOf(schedule, 1000, { ...length, steps: 3000 })).toBeCloseTo(0.4, 14);
  expect(learningRate(schedule, 2500)).toBeCloseTo(0.3, 15);
  const cycles: ScheduleDescription = { ...schedule, cycle: 300 };
  expect(learningRate(cycles, 150)).toBeCloseTo(0.3, 15);
  expect([300, 400, 650].map((step) => learningRate(cycles, step))).toEqual(
    [0, 100, 50].map((step) => learningRate(cycles, step)),
  );
});

test("a linear rate falls by the same amount at every update and would reach its last one after them", () => {
  const schedule: ScheduleDescription = { kind: "linear", max: 0.1, min: 0 };
  expect([0, 1250, 2500, 4999].map((step) => learningRate(schedule, step))).toEqual([
    0.1,
    expect.closeTo(0.075, 15),
    expect.closeTo(0.05, 15),
    expect.closeTo(0.1 / 5000, 15),
  ]);
});

test("a warm-up climbs in equal parts to what the rate would be, and is over then", () => {
  const schedule: ScheduleDescription = { kind: "constant", rate: 0.4, warmup: 4 };
  const rates = [0, 1, 2, 3, 4, 400].map((step) => learningRate(schedule, step));
  expect(rates).toEqual([0.1, 0.2, expect.closeTo(0.3, 15), 0.4, 0.4, 0.4]);
  const falling: ScheduleDescription = { kind: "linear", max: 0.1, min: 0, warmup: 100 };
  expect(learningRate(falling, 49)).toBeCloseTo(0.5 * 0.1 * (1 - 49 / 5000), 15);
});

test("a constant rate is constant", () => {
  expect(learningRate({ kind: "constant", rate: 0.3 }, 12_345)).toBe(0.3);
});
