import { cosineOfPi } from "../math/elementary/cosine.ts";
import { power } from "../math/elementary/power.ts";

/** The learning rate of each update, counted from 0. The description is data; this gives it its meaning. */
export type ScheduleDescription =
  | ({ readonly kind: "constant"; readonly rate: number } & Warmup)
  | ({
      readonly kind: "step-decay";
      readonly rate: number;
      readonly factor: number;
      /** Steps; an epoch when absent. */
      readonly every?: number | undefined;
    } & Warmup)
  /** From `min` to `max` over the whole run, by the same factor every step. */
  | { readonly kind: "ramp"; readonly min: number; readonly max: number }
  | {
      readonly kind: "triangular";
      readonly min: number;
      readonly max: number;
      /** Steps from `min` to `max`: n_s. */
      readonly halfCycle: number;
      /** The number of the first update: 0, or 1 where a report counts from 1. */
      readonly start: number;
      /** What max - min is multiplied by after each cycle; 1 when absent. */
      readonly decay?: number | undefined;
    }
  | ({
      readonly kind: "cosine";
      readonly max: number;
      readonly min: number;
      /** Steps after which it begins anew; the whole run when absent. */
      readonly cycle?: number | undefined;
    } & Warmup)
  | ({ readonly kind: "linear"; readonly max: number; readonly min: number } & Warmup);

interface Warmup {
  /** Steps in which the rate climbs to what it would be. */
  readonly warmup?: number | undefined;
}

/** How long a run and its epochs are, in steps. */
export interface Length {
  readonly steps: number;
  readonly stepsPerEpoch: number;
}

/** Rate of update `step`; the first update is step 0. */
export function learningRate(schedule: ScheduleDescription, step: number, length: Length): number {
  const rate = withoutWarmup(schedule, step, length);
  const { warmup } = { warmup: undefined, ...schedule };
  return warmup === undefined || step + 1 >= warmup ? rate : (rate * (step + 1)) / warmup;
}

function withoutWarmup(schedule: ScheduleDescription, step: number, { steps, stepsPerEpoch }: Length): number {
  switch (schedule.kind) {
    case "constant":
      return schedule.rate;
    case "step-decay":
      return schedule.rate * power(schedule.factor, Math.floor(step / (schedule.every ?? stepsPerEpoch)));
    case "ramp":
      return steps === 1 ? schedule.min : schedule.min * power(schedule.max / schedule.min, step / (steps - 1));
    case "triangular": {
      // Smith 2015, section 3.1: up for 2 l n_s <= t <= (2 l + 1) n_s, down until 2 (l + 1) n_s.
      const { min, max, halfCycle, start, decay } = schedule;
      const within = (step + start) % (2 * halfCycle);
      const height = within <= halfCycle ? within / halfCycle : 2 - within / halfCycle;
      if (decay === undefined) return min + height * (max - min);
      return min + height * power(decay, Math.floor((step + start) / (2 * halfCycle))) * (max - min);
    }
    case "cosine": {
      // Loshchilov and Hutter 2017, eq. 5, without growing cycles.
      const { min, max, cycle = steps } = schedule;
      return min + ((max - min) * (1 + cosineOfPi((step % cycle) / cycle))) / 2;
    }
    case "linear":
      return schedule.max + (step / steps) * (schedule.min - schedule.max);
  }
}
