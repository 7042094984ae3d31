import { useCallback, useMemo } from "preact/hooks";
import { learningRate } from "../src/optim/schedule.ts";
import { within } from "../src/plot/axis.ts";
import { curves } from "../src/plot/curves.ts";
import { type Metric, metrics } from "../src/plot/metric.ts";
import { isConstant, metricLines, type Rate, rateLine } from "../src/plot/run-lines.ts";
import { seriesTable } from "../src/plot/series-table.ts";
import { smoothed } from "../src/plot/smooth.ts";
import type { RunState } from "../src/record/fold.ts";
import { capitalised } from "../src/report/capitalised.ts";
import { address } from "./address.ts";
import { CurveChoices, chosenView } from "./curve-choices.tsx";
import { Figure, type FigureData } from "./figure.tsx";
import { chooseWindow, chosenWindow } from "./zoom.ts";

/** Updates of a stretch whose rates are computed: one for each pixel of the widest figure. */
const mostRates = 1400;

/** Rates, equally far apart, without those that lie on the line between their neighbours: most schedules are made of a few lines. */
function corners(rates: readonly Rate[]): readonly Rate[] {
  return rates.filter(({ learningRate: rate }, at) => {
    const [before, after] = [rates[at - 1]?.learningRate, rates[at + 1]?.learningRate];
    if (before === undefined || after === undefined) return true;
    return Math.abs(before + after - 2 * rate) > 1e-9 * Math.abs(rate);
  });
}

/** A run's curves with the rate beneath, as they grow. */
export function RunCurves({ run, name, id }: { readonly run: RunState; readonly name: string; readonly id: string }) {
  const { choices } = address.value;
  const shown = (Object.keys(metrics) as Metric[]).filter(
    (metric) => metric !== "cost" || run.spec.training.lambda > 0,
  );
  const view = chosenView(choices, shown);
  const { metric, logarithmic, logarithmicSteps, smoothing } = view;
  const { series, steps, stepsPerEpoch, spec } = run;
  const window = chosenWindow(choices);
  const rates = useMemo(() => {
    const { from, to } = window ?? { from: 0, to: Math.max(0, run.step - 1) };
    const last = Math.min(to, run.step - 1);
    const each = Math.max(1, Math.ceil((last - from) / mostRates));
    const all = Array.from({ length: Math.max(1, Math.floor((last - from) / each) + 1) }, (_, at) => {
      const step = from + at * each;
      return { step, learningRate: learningRate(spec.training.schedule, step, { steps, stepsPerEpoch }) };
    });
    return corners(all);
  }, [id, run.step, window?.from, window?.to]);
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
        rates,
        ...(window === undefined ? {} : { window }),
      }),
    [series, metric, name, logarithmic, logarithmicSteps, smoothing, rates, window?.from, window?.to],
  );
  const data = useMemo((): FigureData => {
    const { columns, rows } = seriesTable(within(series, window), [metric]);
    const shown = { columns: columns.map(({ header, quantity }) => ({ name: header, quantity })), rows };
    if (smoothing === 0) return shown;
    const { scale, quantity } = metrics[metric];
    const lines = metricLines(series, metric);
    const bySteps = lines.map(
      ({ points }) => new Map(smoothed(points, smoothing).map(({ step, value }) => [step, value / scale])),
    );
    return {
      columns: [...shown.columns, ...lines.map((line) => ({ name: `${line.name}, smoothed`, quantity }))],
      rows: rows.map((row) => [...row, ...bySteps.map((values) => values.get(row[0]) ?? Number.NaN)]),
    };
  }, [series, metric, smoothing, window?.from, window?.to]);
  return (
    <section aria-label="Curves">
      <div class="filters">
        <CurveChoices metrics={shown} view={view} />
      </div>
      <Figure
        name={`${id}-${metric}`}
        caption={`${capitalised(metric)} of the training and validation images against the update step${isConstant(rateLine(rates)) ? "" : "; beneath it the learning rate"}.`}
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
