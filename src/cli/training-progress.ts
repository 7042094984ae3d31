import type { TrainingEvent } from "../record/event.ts";
import type { RunState } from "../record/fold.ts";
import type { Console } from "./console.ts";

/** Shows a training as it goes: step, loss, rate, measured accuracies and the time left. */
export function trainingProgress(console: Console, clock: () => number = performance.now.bind(performance)) {
  let began = clock();
  return (event: TrainingEvent, runs: readonly RunState[]): void => {
    if (event.kind === "started") began = clock();
    if (event.kind !== "progress" && event.kind !== "measured") return;
    const [run] = runs;
    const { step, steps } = run;
    const percent = Math.floor((100 * step) / steps);
    const parts = [`step ${step}/${steps} (${percent} %)`];
    if (run.batchLoss !== undefined) parts.push(`batch loss ${run.batchLoss.toFixed(4)}`);
    if (run.learningRate !== undefined) parts.push(`rate ${run.learningRate.toPrecision(3)}`);
    const last = run.series.at(-1);
    if (last !== undefined) {
      const accuracies = [last.train, last.validation].map(({ accuracy }) => `${(100 * accuracy).toFixed(2)} %`);
      parts.push(`train ${accuracies[0]}, validation ${accuracies[1]}`);
    }
    if (step > 0) {
      const elapsed = (clock() - began) / 1000;
      parts.push(`${duration((elapsed / step) * (steps - step))} left`);
    }
    console.progress(parts.join("  "), Math.floor(percent / 10));
  };
}

/** `12 s`, `3 min 05 s`, `2 h 10 min` */
function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
}
