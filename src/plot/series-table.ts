import type { Measurement } from "../record/event.ts";
import { type Metric, metrics, parts } from "./metric.ts";
import type { Quantity } from "./number-text.ts";

/** One column of numbers. */
interface Column {
  /** As a file names it: `train_accuracy`. */
  readonly name: string;
  /** As a person reads it: `training accuracy`. */
  readonly header: string;
  /** Unit of the number as shown; empty for a plain count or ratio. The rows themselves hold fractions. */
  readonly unit: string;
  readonly quantity: Quantity;
}

/** The numbers behind a picture. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly number[])[];
}

/** A row a measurement: step, learning rate, and the metrics for training and validation images, all of them by default. */
export function seriesTable(
  series: readonly Measurement[],
  shownMetrics: readonly Metric[] = ["loss", "cost", "accuracy"],
): Table {
  const measured = parts.flatMap(({ part, name }) => shownMetrics.map((metric) => ({ part, name, metric })));
  return {
    columns: [
      { name: "step", header: "update step", unit: "", quantity: "count" },
      { name: "learning_rate", header: "learning rate", unit: "", quantity: "rate" },
      ...measured.map(({ part, name, metric }) => ({
        name: `${part}_${metric}`,
        header: `${name} ${metric}`,
        unit: metrics[metric].unit,
        quantity: metrics[metric].quantity,
      })),
    ],
    rows: series.map((row) => [row.step, row.learningRate, ...measured.map(({ part, metric }) => row[part][metric])]),
  };
}
