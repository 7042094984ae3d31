import type { TrainingEvent } from "../record/event.ts";
import type { RunState } from "../record/fold.ts";

/** How fast a training goes, as far as it was heard of. Seconds, by a clock that only goes forward. */
export interface Pace {
  /** When the last event came, and the update it told of. */
  readonly at: number;
  readonly step: number;
  /** Of an update; unknown before the second progress: the first one's updates are those of a machine that warms up. */
  readonly perStep?: number;
  /** Of a measurement, the last one's; unknown before there was one on a warm machine. */
  readonly perMeasurement?: number;
  /** The update of the last measurement: that of a population's other members comes with it. */
  readonly measuredAt?: number;
  readonly isWarm: boolean;
}

/** What each progress changes of the time an update is taken to need. */
const WEIGHT = 0.2;

/** The pace after one more event, which came at `at`. */
export function pace(before: Pace | undefined, event: TrainingEvent, at: number): Pace | undefined {
  if (event.kind === "started") return { at, step: event.from ?? 0, isWarm: false };
  if (before === undefined) return undefined;
  if (event.kind === "measured" && event.measurement.step !== before.measuredAt) {
    const { step } = event.measurement;
    const stepping = (step - before.step) * (before.perStep ?? 0);
    const measured = { ...before, at, step, measuredAt: step };
    return before.isWarm ? { ...measured, perMeasurement: Math.max(0, at - before.at - stepping) } : measured;
  }
  if (event.kind !== "progress") return { ...before, at };
  const latest = (at - before.at) / (event.step - before.step);
  if (!before.isWarm || !Number.isFinite(latest)) return { ...before, at, step: event.step, isWarm: true };
  const perStep = before.perStep === undefined ? latest : before.perStep + WEIGHT * (latest - before.perStep);
  return { ...before, at, step: event.step, perStep };
}

/** Of an update's time, what the forward pass takes: a measurement is forward passes over all images. */
const FORWARD = 0.5;

/** Seconds that a run's training still takes; undefined while that cannot be told. */
export function secondsLeft({ perStep, perMeasurement }: Pace, run: RunState): number | undefined {
  if (perStep === undefined) return undefined;
  const { step, steps, stepsPerEpoch, spec, examples } = run;
  const guess = ((examples.train + examples.validation) / spec.training.batch) * FORWARD * perStep;
  const every = spec.evaluate.every === "end" ? steps : (spec.evaluate.every ?? stepsPerEpoch);
  return (steps - step) * perStep + Math.ceil((steps - step) / every) * (perMeasurement ?? guess);
}
