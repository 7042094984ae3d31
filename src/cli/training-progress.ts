import { type Pace, pace, secondsLeft } from "../lab/time-left.ts";
import type { TrainingEvent } from "../record/event.ts";
import type { RunState } from "../record/fold.ts";
import { noticeText } from "../report/run-notes.ts";
import type { Console } from "./console.ts";

/** Shows a training as it goes: how far it is, the time left, loss, rate, measured accuracies. */
export function trainingProgress(console: Console, clock: () => number = performance.now.bind(performance)) {
  let latestPace: Pace | undefined;
  return (event: TrainingEvent, runs: readonly RunState[]): void => {
    latestPace = pace(latestPace, event, clock() / 1000);
    if (event.kind === "noticed") console.say(`notice: ${noticeText(event.notice)}`);
    if (event.kind !== "progress" && event.kind !== "measured") return;
    const [run] = runs;
    const { step, steps, batchLoss, learningRate, series } = run;
    const left = latestPace && secondsLeft(latestPace, run);
    const place = `step ${step}/${steps}${left === undefined ? "" : `, ${duration(left)} left`}`;
    // A line of a log holds only what is new; the live line all that is known.
    const parts = [console.live ? `${bar(step / steps)} ${place}` : place];
    const last = series.at(-1);
    if (batchLoss !== undefined && learningRate !== undefined && (console.live || event.kind === "progress")) {
      parts.push(`batch loss ${batchLoss.toFixed(4)}`, `rate ${learningRate.toPrecision(3)}`);
    }
    if (last !== undefined && (console.live || event.kind === "measured")) {
      const [train, validation] = [last.train, last.validation].map(({ accuracy }) => (100 * accuracy).toFixed(2));
      parts.push(`train ${train} %, validation ${validation} %`);
    }
    console.progress(parts, `${event.kind} ${Math.floor((10 * step) / steps)}`);
  };
}

/** Places of the bar. */
const LENGTH = 12;

/** `[=====>      ]`: of so much that is done, from 0 to 1. */
export function bar(part: number): string {
  const done = Math.floor(LENGTH * Math.min(1, Math.max(0, part || 0)));
  const head = done < LENGTH ? ">" : "";
  return `[${"=".repeat(done)}${head}${" ".repeat(LENGTH - done - head.length)}]`;
}

/** `12 s`, `3 min 05 s`, `2 h 10 min` */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
}
