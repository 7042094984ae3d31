import type { ReportedNumber } from "../experiments/experiment.ts";
import { reportedNumbers } from "../experiments/reported-number.ts";
import { metrics } from "../plot/metric.ts";
import { numberText } from "../plot/number-text.ts";

type What = ReportedNumber["what"];

/** `%` or `nats`. */
export function unitOf(what: What): string {
  return metrics[reportedNumbers[what].metric].unit;
}

/** A run's own number, without its unit. */
export function obtainedText(what: What, value: number): string {
  return numberText(value, metrics[reportedNumbers[what].metric].quantity);
}

/** A number somebody wrote: as a run's own, but a loss with no more decimals than it was given, and two at least. */
export function publishedText(what: What, value: number): string {
  return obtainedText(what, value).replace(/^(-?\d+\.\d\d\d*?)0+$/, "$1");
}

/** `45.20–47.20`, `1.40–1.60` */
export function acceptedText({ what, low, high }: Pick<ReportedNumber, "what" | "low" | "high">): string {
  return `${publishedText(what, low)}–${publishedText(what, high)}`;
}

/** `45.98 %`, `1.55 nats`; NaN and the infinities get no unit. */
export function withUnit(what: What, text: string): string {
  return Number.isFinite(Number(text)) ? `${text} ${unitOf(what)}` : text;
}
