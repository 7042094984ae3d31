import type { Measurement } from "../record/event.ts";
import { linearAxis, logarithmicAxis, logarithmicStepAxis, type StepWindow, stepAxis, within } from "./axis.ts";
import { describeCurves } from "./describe-curves.ts";
import { type Box, drawFrame, drawMarks, drawSteps, leftMargin, marksHeight, stepsRow, titleRow } from "./frame.ts";
import { endLabels, endLabelsWidth, labelOf, legendRow } from "./legend.ts";
import { drawLine, hasMarkers, type Line } from "./line.ts";
import { element } from "./markup.ts";
import { type Metric, metrics } from "./metric.ts";
import { notFiniteMarks } from "./not-finite.ts";
import { picture } from "./picture.ts";
import { isConstant, metricLines, type Rate, rateLine } from "./run-lines.ts";
import { smoothed, smoothingNote } from "./smooth.ts";

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
  /** Draws the update steps by their logarithm. */
  readonly logarithmicSteps?: boolean;
  /** What a running mean over the measurements keeps of itself, from 0, which smooths nothing, to below 1. */
  readonly smoothing?: number;
  /** The updates that are shown; all where absent. */
  readonly window?: StepWindow;
}

// Pixels: the two panels.
const curvesHeight = 240;
const rateHeight = 52;

/**
 * A metric of the training and validation images against the update step, above the learning rate where that changes: one
 * SVG document.
 * Values that are not finite leave a gap in the line and a mark where they begin, and no trace in the axes.
 */
export function curves(figure: CurveFigure): string {
  const { metric, id, title, width = 640, window, logarithmicSteps = false, smoothing = 0 } = figure;
  const series = within(figure.series, window);
  const rates = figure.rates && within(figure.rates, window);
  const measured = metricLines(series, metric);
  // Of the whole run, so that a window shows the same curve.
  const smooth = (line: Line) => ({ ...line, points: within(smoothed(line.points, smoothing), window) });
  const lines = smoothing === 0 ? measured : metricLines(figure.series, metric).map(smooth);
  const rate = rateLine(rates ?? series);
  const hasRate = !isConstant(rate);
  const marks = notFiniteMarks(measured);

  const top = titleRow + marksHeight(marks);
  const bottom = top + curvesHeight;
  const rateTop = bottom + 12 + titleRow;
  const rateBottom = rateTop + rateHeight;
  const height = Math.ceil((hasRate ? rateBottom : bottom) + stepsRow);

  const values = measured.flatMap((line) => line.points.map(({ value }) => value));
  const y = (figure.logarithmic && logarithmicAxis(values, bottom, top)) || linearAxis(values, bottom, top, 5);
  const rateY = linearAxis([0, ...rate.points.map(({ value }) => value)], rateBottom, rateTop, 2);
  const labels = lines.map((line) => labelOf(line, metrics[metric]));
  const beside = width >= 480;
  const left = hasRate ? leftMargin(y, rateY) : leftMargin(y);
  const right = width - (beside ? endLabelsWidth(labels) : 18);
  const steps = [...series, ...(rates ?? [])].map(({ step }) => step);
  const x = (logarithmicSteps ? logarithmicStepAxis : stepAxis)(steps, left, right, window);
  const box: Box = { left, right, top, bottom };
  const rateBox: Box = { left, right, top: rateTop, bottom: rateBottom };

  const note = smoothing === 0 ? "" : smoothingNote(smoothing);
  const description = [describeCurves(series, metric, rate), ...(note === "" ? [] : [`${note}.`])].join(" ");
  const stepName = logarithmicSteps ? "update step, logarithmic" : undefined;
  return picture({ id, title, description, width, height }, [
    drawFrame(box, x, y),
    ...(hasRate ? [drawFrame(rateBox, x, rateY)] : []),
    drawSteps(
      hasRate ? rateBox : box,
      x,
      window === undefined && !logarithmicSteps ? figure.stepsPerEpoch : undefined,
      stepName,
    ),
    element("text", { x: left, y: 14 }, `${metric} (${metrics[metric].unit})${note === "" ? "" : `, ${note}`}`),
    ...(hasRate ? [element("text", { x: left, y: rateTop - 10 }, rate.name)] : []),
    drawMarks(box, x, marks),
    ...(hasRate ? [drawLine(rate, x, rateY, rate.points.length === 1)] : []),
    ...(smoothing === 0 ? [] : measured.map((line) => drawLine(line, x, y, false, "measured"))),
    ...lines.map((line) => drawLine(line, x, y, smoothing === 0 && hasMarkers(line))),
    beside ? endLabels(labels, box, y) : legendRow(labels, right, 14),
  ]);
}
