import { largestOf, smallestOf } from "../math/extremes.ts";
import type { CurveFigure, Rate } from "../plot/curves.ts";
import { type Metric, metrics, parts } from "../plot/metric.ts";
import { numberText } from "../plot/number-text.ts";
import { seriesTable } from "../plot/series-table.ts";
import type { Measurement } from "../record/event.ts";
import type { RunDocument } from "../record/run-document.ts";
import type { TextTable } from "./text-table.ts";

/** One figure of a report, before it is drawn for a page. */
export interface ReportFigure {
  /** From 1. */
  readonly number: number;
  readonly curves: Omit<CurveFigure, "id" | "width">;
  readonly caption: string;
  /** The numbers behind it. */
  readonly data: TextTable;
}

const decadesBeforeLogarithm = 3;

/** The run's curves, one figure a metric, each with the numbers behind it. */
export function reportFigures(run: RunDocument, rates: readonly Rate[] | undefined): readonly ReportFigure[] {
  const penalised = run.spec.training.lambda > 0;
  const shown: readonly Metric[] = penalised ? ["accuracy", "loss", "cost"] : ["accuracy", "loss"];
  return shown.map((metric, index) => {
    const logarithmic = metric !== "accuracy" && decades(run.series, metric) > decadesBeforeLogarithm;
    const sameCost = metric === "loss" && !penalised ? " Lambda is 0, so the cost is the loss." : "";
    const scale = logarithmic ? ", on a logarithmic axis" : "";
    const number = index + 1;
    return {
      number,
      curves: {
        series: run.series,
        metric,
        stepsPerEpoch: run.stepsPerEpoch,
        logarithmic,
        title: `${metric} of ${run.spec.name} against update step`,
        ...(rates === undefined ? {} : { rates }),
      },
      caption: `${captions[metric]} of the training and validation images against the update step${scale}; beneath it the learning rate.${sameCost}`,
      data: seriesTextTable(run.series, metric, number),
    };
  });
}

const captions: Readonly<Record<Metric, string>> = { accuracy: "Accuracy", loss: "Loss", cost: "Cost" };

function decades(series: readonly Measurement[], metric: Metric): number {
  const values = series
    .flatMap((row) => parts.map(({ part }) => row[part][metric]))
    .filter((value) => Number.isFinite(value) && value > 0);
  return Math.log10(largestOf(values) / smallestOf(values));
}

/** Rows that somebody may read under a figure. */
const most = 1000;

function seriesTextTable(series: readonly Measurement[], metric: Metric, number: number): TextTable {
  const each = Math.ceil(series.length / most);
  const listed = series.filter((_, index) => index % each === 0 || index === series.length - 1);
  const { columns, rows } = seriesTable(listed, [metric]);
  return {
    caption: `Figure ${number}: ${metric}${metrics[metric].unit === "%" ? " in percent" : " in nats"} and learning rate`,
    columns: columns.map(({ header }) => ({ header, kind: "number" })),
    groups: [{ rows: rows.map((row) => ({ cells: row.map((value, i) => numberText(value, columns[i].quantity)) })) }],
    notes:
      each > 1
        ? [`Every ${each}th of ${numberText(series.length, "count")} measurements, and the last; the figure is of all.`]
        : [],
    explanations: [],
  };
}
