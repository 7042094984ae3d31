import { type Pace, pace, secondsLeft } from "../lab/time-left.ts";
import type { TrainingEvent } from "../record/event.ts";
import type { RunState } from "../record/fold.ts";
import { noticeText } from "../report/run-notes.ts";
import type { Console } from "./console.ts";

/** Shows a training as it goes: step, loss, rate, measured accuracies and the time left. */
export function trainingProgress(console: Console, clock: () => number = performance.now.bind(performance)) {
  let latestPace: Pace | undefined;
  return (event: TrainingEvent, runs: readonly RunState[]): void => {
    latestPace = pace(latestPace, event, clock() / 1000);
    if (event.kind === "noticed") console.say(`notice: ${noticeText(event.notice)}`);
    if (event.kind !== "progress" && event.kind !== "measured") return;
    const [run] = runs;
    const { step, steps, batchLoss, learningRate, series } = run;
    const left = latestPace && secondsLeft(latestPace, run);
    const parts = [`step ${step}/${steps}${left === undefined ? "" : `, ${duration(left)} left`}`];
    // A line of a log holds only what is new; the live line all that is known.
    const last = series.at(-1);
    if (last !== undefined && (console.live || event.kind === "measured")) {
      const [train, validation] = [last.train, last.validation].map(({ accuracy }) => (100 * accuracy).toFixed(2));
      parts.push(`train ${train} %, validation ${validation} %`);
    }
    if (batchLoss !== undefined && learningRate !== undefined && (console.live || event.kind === "progress")) {
      parts.push(`batch loss ${batchLoss.toFixed(4)}`, `rate ${learningRate.toPrecision(3)}`);
    }
    console.progress(parts, `${event.kind} ${Math.floor((10 * step) / steps)}`);
  };
}

/** `12 s`, `3 min 05 s`, `2 h 10 min` */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
}
