import { largestOf } from "../math/extremes.ts";
import type { Measurement } from "../record/event.ts";
import { linearAxis, logarithmicAxis, stepAxis } from "./axis.ts";
import { describeCurves } from "./describe-curves.ts";
import {
  type Box,
  drawBeneath,
  drawFrame,
  drawMarks,
  drawSteps,
  leftMargin,
  marksHeight,
  stepsRow,
  titleRow,
} from "./frame.ts";
import { labelOf, legendRow } from "./legend.ts";
import { drawLine, hasMarkers } from "./line.ts";
import { element } from "./markup.ts";
import { type Metric, metrics } from "./metric.ts";
import { notFiniteMarks } from "./not-finite.ts";
import { picture } from "./picture.ts";
import { describeReferences, drawReferences, type Reference } from "./reference-line.ts";
import { isConstant, metricLines, type Rate, rateLine } from "./run-lines.ts";

/** What a figure of several metrics of one run shows. */
export interface PanelsFigure {
  readonly series: readonly Measurement[];
  readonly panels: readonly Panel[];
  /** Begins every id inside the figure: no spaces, and unique in the page the figure goes into. */
  readonly id: string;
  /** Read out in place of the picture, before a description made from the numbers. */
  readonly title: string;
  /** Pixels the figure is laid out for, 760 by default; below 480 the panels stand one under the other. */
  readonly width?: number;
  /** Draws a small tick at every epoch, where there is room for them. */
  readonly stepsPerEpoch?: number;
  /** The learning rate at every step that matters; without it, straight lines join the measured rates. */
  readonly rates?: readonly Rate[];
}

interface Panel {
  readonly metric: Metric;
  /** Logarithmic, unless a finite value is zero or negative. */
  readonly logarithmic?: boolean;
  /** Numbers from elsewhere, as lines across. */
  readonly references?: readonly Reference[];
}

// Pixels.
const panelHeight = 190;
const rateHeight = 52;
const legendHeight = 22;
const edge = 20;
/** From one panel's row to the next one's name: the numbers of its steps. */
const betweenRows = 26;

/**
 * Metrics of the training and validation images against the update step, a panel each: in one row, or one under the other
 * on narrow pages; beneath them one strip of the learning rate for all, where it changes. One SVG document.
 */
export function panels(figure: PanelsFigure): string {
  const { series, panels: figurePanels, id, title, width = 760 } = figure;
  const rate = rateLine(figure.rates ?? series);
  const hasStrip = !isConstant(rate);
  const columns = width >= 480 ? figurePanels.length : 1;
  const cell = (width - edge) / columns;
  const steps = [...series, ...(figure.rates ?? [])].map(({ step }) => step);

  const lines = figurePanels.map(({ metric }) => metricLines(series, metric));
  const marks = lines.map(notFiniteMarks);
  const markRows = largestOf(marks.map(marksHeight));
  const rowHeight = titleRow + markRows + panelHeight;
  const rows = Math.ceil(figurePanels.length / columns);
  const drawn = figurePanels.map(({ metric, logarithmic = false, references = [] }, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const top = legendHeight + row * (rowHeight + betweenRows) + titleRow + markRows;
    const { scale } = metrics[metric];
    const values = [
      ...lines[index].flatMap(({ points }) => points.map(({ value }) => value)),
      ...references.map(({ value }) => value * scale),
    ];
    const bottom = top + panelHeight;
    const y = (logarithmic && logarithmicAxis(values, bottom, top)) || linearAxis(values, bottom, top, 5);
    const left = column * cell + leftMargin(y);
    const box: Box = { left, right: (column + 1) * cell, top, bottom };
    const x = stepAxis(steps, box.left, box.right);
    const isLast = row === rows - 1 && !hasStrip;
    return [
      drawFrame(box, x, y),
      isLast ? drawSteps(box, x, columns === 1 ? figure.stepsPerEpoch : undefined) : drawBeneath(box, x, ""),
      element("text", { x: left, y: top - markRows - 10 }, `${metric} (${metrics[metric].unit})`),
      drawMarks(box, x, marks[index]),
      drawReferences(references, metric, box, y),
      ...lines[index].map((line) => drawLine(line, x, y, hasMarkers(line))),
    ];
  });
  const below = legendHeight + rows * (rowHeight + betweenRows);
  const labels = lines[0].map((line) => labelOf(line, metrics[figurePanels[0].metric]));
  const description = figurePanels
    .map(({ metric, references = [] }) => describeCurves(series, metric, rate) + describeReferences(references))
    .join(" ");
  const height = Math.ceil(hasStrip ? below + titleRow + rateHeight + stepsRow : below - betweenRows + stepsRow);
  return picture({ id, title, description, width, height }, [
    legendRow(labels, width - edge, 14),
    ...drawn.flat(),
    ...(hasStrip ? drawStrip(figure, below + titleRow, width - edge, steps) : []),
  ]);
}

function drawStrip(figure: PanelsFigure, top: number, right: number, steps: readonly number[]): readonly string[] {
  const rate = rateLine(figure.rates ?? figure.series);
  const bottom = top + rateHeight;
  const y = linearAxis([0, ...rate.points.map(({ value }) => value)], bottom, top, 2);
  const box: Box = { left: leftMargin(y), right, top, bottom };
  const x = stepAxis(steps, box.left, right);
  return [
    drawFrame(box, x, y),
    drawSteps(box, x, figure.stepsPerEpoch),
    element("text", { x: box.left, y: top - 10 }, rate.name),
    drawLine(rate, x, y, rate.points.length === 1),
  ];
}
