import type { Measurement } from "../record/event.ts";
import type { Line } from "./line.ts";
import { type Metric, metrics, parts } from "./metric.ts";

export interface Rate {
  readonly step: number;
  readonly learningRate: number;
}

/** A metric of the training and validation images, in the units of a picture. */
export function metricLines(series: readonly Measurement[], metric: Metric): readonly Line[] {
  const { scale } = metrics[metric];
  return parts.map(({ part, name }) => ({
    name,
    style: part,
    points: series.map((row) => ({ step: row.step, value: row[part][metric] * scale })),
  }));
}

export function rateLine(rates: readonly Rate[]): Line {
  const points = rates.map(({ step, learningRate }) => ({ step, value: learningRate }));
  return { name: "learning rate", style: "rate", points };
}

/** Whether the rate is the same all along, so that a sentence says it better than a picture. */
export function isConstant({ points }: Line): boolean {
  return points.every(({ value }) => value === points[0].value);
}
