import { curves, type Rate } from "../plot/curves.ts";
import { element, escapeMarkup } from "../plot/markup.ts";
import { type Metric, metrics, parts } from "../plot/metric.ts";
import { numberText } from "../plot/number-text.ts";
import { seriesTable } from "../plot/series-table.ts";
import type { Measurement } from "../record/event.ts";
import type { RunDocument } from "../record/run-document.ts";
import { htmlTable } from "./html-table.ts";
import type { TextTable } from "./text-table.ts";

const decadesBeforeLogarithm = 3;

/** The run's curves, one figure a metric, each with the numbers behind it. */
export function figures(run: RunDocument, rates: readonly Rate[] | undefined): readonly string[] {
  const penalised = run.spec.training.lambda > 0;
  const shown: readonly Metric[] = penalised ? ["accuracy", "loss", "cost"] : ["accuracy", "loss"];
  return shown.map((metric, index) => {
    const figure = {
      series: run.series,
      metric,
      stepsPerEpoch: run.stepsPerEpoch,
      logarithmic: metric !== "accuracy" && decades(run.series, metric) > decadesBeforeLogarithm,
      title: `${metric} of ${run.spec.name} against update step`,
      ...(rates === undefined ? {} : { rates }),
    };
    const sameCost = metric === "loss" && !penalised ? " Lambda is 0, so the cost is the loss." : "";
    const scale = figure.logarithmic ? ", on a logarithmic axis" : "";
    const number = `Figure ${index + 1}`;
    const caption = `${captions[metric]} of the training and validation images against the update step${scale}; beneath it the learning rate.${sameCost}`;
    return element(
      "figure",
      {},
      // One picture laid out for wide pages and paper, one for phones; the style sheet shows one of them.
      element("div", { class: "wide" }, curves({ ...figure, id: `${metric}-wide` })),
      element("div", { class: "narrow" }, curves({ ...figure, id: `${metric}-narrow`, width: 360 })),
      element("figcaption", {}, `<b>${number}.</b> ${escapeMarkup(caption)}`),
      element(
        "details",
        {},
        element("summary", {}, `Data of figure ${index + 1}`),
        htmlTable(seriesTextTable(run.series, metric, number)),
      ),
    );
  });
}

const captions: Readonly<Record<Metric, string>> = { accuracy: "Accuracy", loss: "Loss", cost: "Cost" };

function decades(series: readonly Measurement[], metric: Metric): number {
  const values = series
    .flatMap((row) => parts.map(({ part }) => row[part][metric]))
    .filter((value) => Number.isFinite(value) && value > 0);
  return Math.log10(Math.max(...values) / Math.min(...values));
}

function seriesTextTable(series: readonly Measurement[], metric: Metric, number: string): TextTable {
  const { columns, rows } = seriesTable(series, [metric]);
  return {
    caption: `${number}: ${metric}${metrics[metric].unit === "%" ? " in percent" : " in nats"} and learning rate`,
    columns: columns.map(({ header }) => ({ header, kind: "number" })),
    groups: [{ rows: rows.map((row) => ({ cells: row.map((value, i) => numberText(value, columns[i].quantity)) })) }],
    notes: [],
    explanations: [],
  };
}
