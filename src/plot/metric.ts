import type { Metrics } from "../record/event.ts";
import type { Quantity } from "./number-text.ts";

/** One of the numbers a set of images gives. */
export type Metric = keyof Metrics;

export interface MetricDescription {
  /** Unit on screen: accuracies are fractions in the data and percent in pictures. */
  readonly unit: string;
  readonly quantity: Quantity;
  /** What the numbers of a record are multiplied by in a picture. */
  readonly scale: number;
}

/** How each metric is shown. */
export const metrics: Readonly<Record<Metric, MetricDescription>> = {
  accuracy: { unit: "%", quantity: "fraction", scale: 100 },
  loss: { unit: "nats", quantity: "nats", scale: 1 },
  cost: { unit: "nats", quantity: "nats", scale: 1 },
};

/** The two sets of images a curve is drawn for, in the order they are drawn and listed. */
export const parts = [
  { part: "train", name: "training" },
  { part: "validation", name: "validation" },
] as const;

/** One of them. */
export type Part = (typeof parts)[number]["part"];
