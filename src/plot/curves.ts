import type { Measurement } from "../record/event.ts";
import { linearAxis, logarithmicAxis, stepAxis } from "./axis.ts";
import { describeCurves } from "./describe-curves.ts";
import { type Box, drawFrame, drawMarks, drawSteps, leftMargin, marksHeight, stepsRow, titleRow } from "./frame.ts";
import { endLabels, endLabelsWidth, labelOf, legendRow } from "./legend.ts";
import { drawLine, type Line } from "./line.ts";
import { element } from "./markup.ts";
import { type Metric, metrics, parts } from "./metric.ts";
import { notFiniteMarks } from "./not-finite.ts";
import { picture } from "./picture.ts";

/** What a figure of a run's curves shows. */
export interface CurveFigure {
  readonly series: readonly Measurement[];
  readonly metric: Metric;
  /** Begins every id inside the figure: no spaces, and unique in the page the figure goes into. */
  readonly id: string;
  /** Read out in place of the picture, before a description made from the numbers. */
  readonly title: string;
  /** Pixels the figure is laid out for, 640 by default; below 480 the curves are named above instead of beside. */
  readonly width?: number;
  /** Draws a small tick at every epoch, where there is room for them. */
  readonly stepsPerEpoch?: number;
  /** Logarithmic, unless a finite value is zero or negative. */
  readonly logarithmic?: boolean;
  /** The learning rate at every step that matters; without it, straight lines join the measured rates. */
  readonly rates?: readonly Rate[];
}

export interface Rate {
  readonly step: number;
  readonly learningRate: number;
}

// Pixels: the two panels.
const curvesHeight = 240;
const rateHeight = 52;

/**
 * A metric of the training and validation images against the update step, above the learning rate: one SVG document.
 * Values that are not finite leave a gap in the line and a mark where they begin, and no trace in the axes.
 */
export function curves(figure: CurveFigure): string {
  const { series, metric, id, title, width = 640 } = figure;
  const lines = metricLines(series, metric);
  const rate = rateLine(figure.rates ?? series);
  const marks = notFiniteMarks(lines);

  const top = titleRow + marksHeight(marks);
  const bottom = top + curvesHeight;
  const rateTop = bottom + 12 + titleRow;
  const rateBottom = rateTop + rateHeight;
  const height = Math.ceil(rateBottom + stepsRow);

  const values = lines.flatMap((line) => line.points.map(({ value }) => value));
  const y = (figure.logarithmic && logarithmicAxis(values, bottom, top)) || linearAxis(values, bottom, top, 5);
  const rateY = linearAxis([0, ...rate.points.map(({ value }) => value)], rateBottom, rateTop, 2);
  const labels = lines.map((line) => labelOf(line, metrics[metric]));
  const beside = width >= 480;
  const left = leftMargin(y, rateY);
  const right = width - (beside ? endLabelsWidth(labels) : 18);
  const steps = [...series, ...(figure.rates ?? [])].map(({ step }) => step);
  const x = stepAxis(steps, left, right);
  const box: Box = { left, right, top, bottom };
  const rateBox: Box = { left, right, top: rateTop, bottom: rateBottom };

  const description = describeCurves(series, metric, rate);
  return picture({ id, title, description, width, height }, [
    drawFrame(box, x, y),
    drawFrame(rateBox, x, rateY),
    drawSteps(rateBox, x, figure.stepsPerEpoch),
    element("text", { x: left, y: 14 }, `${metric} (${metrics[metric].unit})`),
    element("text", { x: left, y: rateTop - 10 }, rate.name),
    drawMarks(box, x, marks),
    drawLine(rate, x, rateY, rate.points.length === 1),
    ...lines.map((line) => drawLine(line, x, y, series.length * 10 <= right - left)),
    beside ? endLabels(labels, box, y) : legendRow(labels, right, 14),
  ]);
}

function metricLines(series: readonly Measurement[], metric: Metric): readonly Line[] {
  const { scale } = metrics[metric];
  return parts.map(({ part, name }) => ({
    name,
    style: part,
    points: series.map((row) => ({ step: row.step, value: row[part][metric] * scale })),
  }));
}

function rateLine(rates: readonly Rate[]): Line {
  const points = rates.map(({ step, learningRate }) => ({ step, value: learningRate }));
  return { name: "learning rate", style: "rate", points };
}
