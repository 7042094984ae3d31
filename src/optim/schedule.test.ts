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

test("a constant rate is constant", () => {
  expect(learningRate({ kind: "constant", rate: 0.3 }, 12_345)).toBe(0.3);
});
