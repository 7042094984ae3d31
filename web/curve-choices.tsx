import type { Metric } from "../src/plot/metric.ts";
import { choose } from "./address.ts";
import { Tick } from "./tick.tsx";

/** How curves are looked at; all of it stands in the address. */
export interface CurveView {
  readonly metric: Metric;
  readonly logarithmic: boolean;
  readonly logarithmicSteps: boolean;
  /** What the running mean keeps of itself; 0 smooths nothing. */
  readonly smoothing: number;
}

export function chosenView(choices: URLSearchParams, metrics: readonly Metric[]): CurveView {
  return {
    metric: metrics.find((each) => each === choices.get("metric")) ?? "accuracy",
    logarithmic: choices.get("scale") === "log",
    logarithmicSteps: choices.get("steps") === "log",
    smoothing: Math.min(0.99, Math.max(0, Number(choices.get("smooth") ?? 0) || 0)),
  };
}

/** What is chosen of that, for one run's curves and for compared ones. */
export function CurveChoices({ metrics, view }: { readonly metrics: readonly Metric[]; readonly view: CurveView }) {
  const { metric, logarithmic, logarithmicSteps, smoothing } = view;
  return (
    <>
      <label>
        Metric
        <select value={metric} onChange={({ currentTarget }) => choose({ metric: currentTarget.value })}>
          {metrics.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <Tick checked={logarithmic} onTick={(isTicked) => choose({ scale: isTicked ? "log" : undefined })}>
        logarithmic
      </Tick>
      <Tick checked={logarithmicSteps} onTick={(isTicked) => choose({ steps: isTicked ? "log" : undefined })}>
        logarithmic steps
      </Tick>
      <label>
        Smoothing
        <input
          type="range"
          min={0}
          max={0.95}
          step={0.05}
          value={smoothing}
          aria-valuetext={smoothing === 0 ? "none" : `keeping ${smoothing}`}
          onInput={({ currentTarget: { value } }) => choose({ smooth: Number(value) === 0 ? undefined : value })}
        />
      </label>
    </>
  );
}
