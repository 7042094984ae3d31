import type { Measurement } from "../record/event.ts";
import type { Line } from "./line.ts";
import { type Metric, metrics, parts } from "./metric.ts";
import { numberText } from "./number-text.ts";

/** What the picture shows, in sentences for those who do not see it. */
export function describeCurves(series: readonly Measurement[], metric: Metric, rate: Line): string {
  const first = series.at(0);
  const last = series.at(-1);
  if (first === undefined || last === undefined) return "No measurements.";
  const { unit, quantity } = metrics[metric];
  const runs = parts.map(
    ({ part, name }) =>
      `${name} from ${numberText(first[part][metric], quantity)} to ${numberText(last[part][metric], quantity)}`,
  );
  const low = rate.points.reduce((least, { value }) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = rate.points.reduce((most, { value }) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return [
    `${metric} (${unit}) at ${numberText(series.length, "count")} measurements`,
    `from update step ${numberText(first.step, "count")} to ${numberText(last.step, "count")}: ${runs.join(", ")}.`,
    low === high
      ? `The learning rate is ${numberText(low, "rate")} all along.`
      : `Beneath it the learning rate, between ${numberText(low, "rate")} and ${numberText(high, "rate")}.`,
  ].join(" ");
}
