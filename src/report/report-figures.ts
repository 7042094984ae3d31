import { largestOf, smallestOf } from "../math/extremes.ts";
import { type Metric, metrics, parts } from "../plot/metric.ts";
import { numberText } from "../plot/number-text.ts";
import { panels } from "../plot/panels.ts";
import type { Rate } from "../plot/run-lines.ts";
import { seriesTable } from "../plot/series-table.ts";
import type { Measurement } from "../record/event.ts";
import type { RunDocument } from "../record/run-document.ts";
import { capitalised } from "./capitalised.ts";
import { reportedLines } from "./reported-lines.ts";
import { settingsLine } from "./settings-line.ts";
import type { TextTable } from "./text-table.ts";

/** One figure of a report, before it is drawn for a page. */
export interface ReportFigure {
  /** Its files without their ending, and what its ids begin with: once in a report. */
  readonly name: string;
  /** In place of the picture for those who do not see it. */
  readonly title: string;
  /** The picture as SVG, for a page so many pixels wide where that is given. */
  readonly draw: (layout: { readonly id: string; readonly width?: number }) => string;
  readonly caption: string;
  /** Half a page is wide enough for it. */
  readonly isNarrow?: true;
  /** The numbers behind it. */
  readonly data?: TextTable;
}

const decadesBeforeLogarithm = 3;

/** A run's curves, a panel a metric, with the numbers behind them; undefined where there is but one measurement. */
export function curvesFigure(
  run: RunDocument,
  { rates, name = "curves" }: { readonly rates?: readonly Rate[] | undefined; readonly name?: string } = {},
): ReportFigure | undefined {
  const { series, stepsPerEpoch, spec } = run;
  if (series.length < 2) return undefined;
  const penalised = spec.training.lambda > 0;
  const shownMetrics: readonly Metric[] = penalised ? ["loss", "cost", "accuracy"] : ["loss", "accuracy"];
  const drawn = shownMetrics.map((metric) => {
    const logarithmic = metric !== "accuracy" && decades(series, metric) > decadesBeforeLogarithm;
    return { metric, logarithmic, references: reportedLines(run, metric) };
  });
  const title = `${listed(shownMetrics)} of ${spec.name} against update step`;
  const logarithms = drawn.filter(({ logarithmic }) => logarithmic).map(({ metric }) => metric);
  const scale = logarithms.length === 0 ? "" : `; ${listed(logarithms)} on a logarithmic axis`;
  const isConstant = spec.training.schedule.kind === "constant";
  const beneath = isConstant ? "" : "; beneath them the learning rate";
  const sameCost = penalised ? "" : " λ is 0, so the cost is the loss.";
  return {
    name,
    title,
    draw: (layout) =>
      panels({ ...layout, series, panels: drawn, stepsPerEpoch, title, ...(rates === undefined ? {} : { rates }) }),
    caption: `${capitalised(listed(shownMetrics))} of the training and validation images against the update step${scale}${beneath}. ${settingsLine(spec)}.${sameCost}`,
    data: seriesTextTable(series, shownMetrics),
  };
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function decades(series: readonly Measurement[], metric: Metric): number {
  const values = series
    .flatMap((row) => parts.map(({ part }) => row[part][metric]))
    .filter((value) => Number.isFinite(value) && value > 0);
  return Math.log10(largestOf(values) / smallestOf(values));
}

/** Rows that somebody may read under a figure. */
const most = 1000;

function seriesTextTable(series: readonly Measurement[], shownMetrics: readonly Metric[]): TextTable {
  const each = Math.ceil(series.length / most);
  const kept = series.filter((_, index) => index % each === 0 || index === series.length - 1);
  const { columns, rows } = seriesTable(kept, shownMetrics);
  const units = shownMetrics.map((metric) => `${metric} in ${metrics[metric].unit === "%" ? "percent" : "nats"}`);
  return {
    caption: `Numbers of the figure: ${listed([...units, "learning rate"])}`,
    columns: columns.map(({ header }) => ({ header, kind: "number" })),
    groups: [{ rows: rows.map((row) => ({ cells: row.map((value, i) => numberText(value, columns[i].quantity)) })) }],
    notes:
      each > 1
        ? [`Every ${each}th of ${numberText(series.length, "count")} measurements, and the last; the figure is of all.`]
        : [],
    explanations: [],
  };
}
