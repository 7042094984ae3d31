import { useCallback, useMemo } from "preact/hooks";
import { learningRate } from "../src/optim/schedule.ts";
import { within } from "../src/plot/axis.ts";
import { curves } from "../src/plot/curves.ts";
import { type Metric, metrics } from "../src/plot/metric.ts";
import { metricLines } from "../src/plot/run-lines.ts";
import { seriesTable } from "../src/plot/series-table.ts";
import { smoothed } from "../src/plot/smooth.ts";
import type { RunState } from "../src/record/fold.ts";
import { address, choose } from "./address.ts";
import { Figure, type FigureData } from "./figure.tsx";
import { chooseWindow, chosenWindow } from "./zoom.ts";

/** Updates whose rates are computed one by one; of longer runs the measured rates are joined. */
const mostRates = 50_000;

/** A run's curves with the rate beneath, as they grow. */
export function RunCurves({ run, name, id }: { readonly run: RunState; readonly name: string; readonly id: string }) {
  const { choices } = address.value;
  const shown = (Object.keys(metrics) as Metric[]).filter(
    (metric) => metric !== "cost" || run.spec.training.lambda > 0,
  );
  const metric = shown.find((each) => each === choices.get("metric")) ?? "accuracy";
  const logarithmic = choices.get("scale") === "log";
  const logarithmicSteps = choices.get("steps") === "log";
  const smoothing = Math.min(0.99, Math.max(0, Number(choices.get("smooth") ?? 0) || 0));
  const { series, steps, stepsPerEpoch, spec } = run;
  const window = chosenWindow(choices);
  const rates = useMemo(() => {
    if (steps > mostRates) return undefined;
    return Array.from({ length: Math.max(1, run.step) }, (_, step) => ({
      step,
      learningRate: learningRate(spec.training.schedule, step, { steps, stepsPerEpoch }),
    }));
  }, [id, run.step]);
  const draw = useCallback(
    (width: number) =>
      curves({
        series,
        metric,
        id: "curves",
        title: `${metric} of ${name} against update step`,
        width,
        stepsPerEpoch,
        logarithmic,
        logarithmicSteps,
        smoothing,
        ...(rates === undefined ? {} : { rates }),
        ...(window === undefined ? {} : { window }),
      }),
    [series, metric, name, logarithmic, logarithmicSteps, smoothing, rates, window?.from, window?.to],
  );
  const data = useMemo((): FigureData => {
    const { columns, rows } = seriesTable(within(series, window), [metric]);
    const shown = { columns: columns.map(({ header, quantity }) => ({ name: header, quantity })), rows };
    if (smoothing === 0) return shown;
    const { scale, quantity } = metrics[metric];
    const lines = metricLines(series, metric).map((line) => smoothed(line, smoothing));
    const bySteps = lines.map(({ points }) => new Map(points.map(({ step, value }) => [step, value / scale])));
    return {
      columns: [...shown.columns, ...lines.map((line) => ({ name: `${line.name}, smoothed`, quantity }))],
      rows: rows.map((row) => [...row, ...bySteps.map((values) => values.get(row[0]) ?? Number.NaN)]),
    };
  }, [series, metric, smoothing, window?.from, window?.to]);
  return (
    <section aria-label="Curves">
      <div class="filters">
        <MetricChoice shown={shown} metric={metric} logarithmic={logarithmic} />
        <label class="tick">
          <input
            type="checkbox"
            checked={logarithmicSteps}
            onChange={({ currentTarget }) => choose({ steps: currentTarget.checked ? "log" : undefined })}
          />
          logarithmic steps
        </label>
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
      </div>
      <Figure
        name={`${id}-${metric}`}
        caption={`${metric} of the training and validation images against the update step; beneath it the learning rate.`}
        draw={draw}
        data={data}
        zoom={{
          last: Math.max(run.step, series.at(-1)?.step ?? 0),
          window,
          show: chooseWindow,
          logarithmic: logarithmicSteps,
        }}
      />
    </section>
  );
}

interface MetricChoiceProps {
  readonly shown: readonly Metric[];
  readonly metric: Metric;
  readonly logarithmic: boolean;
}

export function MetricChoice({ shown, metric, logarithmic }: MetricChoiceProps) {
  return (
    <>
      <label>
        Metric
        <select value={metric} onChange={({ currentTarget }) => choose({ metric: currentTarget.value })}>
          {shown.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <label class="tick">
        <input
          type="checkbox"
          checked={logarithmic}
          onChange={({ currentTarget }) => choose({ scale: currentTarget.checked ? "log" : undefined })}
        />
        logarithmic
      </label>
    </>
  );
}
