import type { Measurement } from "../record/event.ts";
import { linearAxis, logarithmicAxis, logarithmicStepAxis, type StepWindow, stepAxis, within } from "./axis.ts";
import { type Box, drawFrame, drawMarks, drawSteps, leftMargin, marksHeight, stepsRow, titleRow } from "./frame.ts";
import { endLabels, endLabelsWidth, type Label, labelOf, legendRows, markerEntry } from "./legend.ts";
import { drawBand, drawLine, hasMarkers, type Line } from "./line.ts";
import { drawMarker } from "./marker.ts";
import { element } from "./markup.ts";
import { type Metric, metrics, type Part, parts } from "./metric.ts";
import { notFiniteMarks } from "./not-finite.ts";
import { numberText } from "./number-text.ts";
import { picture } from "./picture.ts";
import { describeReferences, drawReferences, type Reference } from "./reference-line.ts";
import { type SeriesStyle, seriesStyle, seriesStyles } from "./series-style.ts";
import { smoothed, smoothingNote } from "./smooth.ts";

/** Several runs' same metric in one figure. */
export interface ComparisonFigure {
  /** At most six, in the order they are named. */
  readonly runs: readonly ComparedRun[];
  readonly metric: Metric;
  /** The images it was measured on. */
  readonly part: Part;
  /** Begins every id inside the figure: no spaces, and unique in the page the figure goes into. */
  readonly id: string;
  /** Read out in place of the picture, before a description made from the numbers. */
  readonly title: string;
  /** Pixels the figure is laid out for, 640 by default; below 480 the runs are named above instead of beside. */
  readonly width?: number;
  /** Draws a small tick at every epoch, where there is room for them; for runs whose epochs are equally long. */
  readonly stepsPerEpoch?: number;
  /** What the horizontal axis counts, where that is not the `update step`. */
  readonly stepName?: string;
  /** Logarithmic, unless a finite value is zero or negative. */
  readonly logarithmic?: boolean;
  /** Draws the update steps by their logarithm. */
  readonly logarithmicSteps?: boolean;
  /** What a running mean over the measurements keeps of itself, from 0, which smooths nothing, to below 1. */
  readonly smoothing?: number;
  /** The updates that are shown; all where absent. */
  readonly window?: StepWindow;
  /** Numbers from elsewhere, as lines across. */
  readonly references?: readonly Reference[];
}

interface ComparedRun {
  /** What the run differs in: `with batch norm`. */
  readonly name: string;
  /** Its own or, of several seeds, their mean. */
  readonly series: readonly Measurement[];
  /** Between which values its seeds lie, in the record's units; drawn as a band. */
  readonly band?: readonly Spread[];
  /** Points of a report's own curve, in the record's units: steps, and accuracies as fractions. */
  readonly reported?: readonly { readonly step: number; readonly value: number }[];
}

/** The smallest and the largest value of several seeds after an update. */
export interface Spread {
  readonly step: number;
  readonly low: number;
  readonly high: number;
}

/** A run as it is drawn. */
interface Drawn {
  readonly style: SeriesStyle;
  readonly line: Line;
  readonly band: readonly Spread[];
  readonly reported: Line["points"];
}

const panelHeight = 240;

/** A metric of two or more runs against the update step, what was reported as hollow markers: one SVG document. */
export function comparison(figure: ComparisonFigure): string {
  const { runs, metric, part, id, title, width = 640, references = [], smoothing = 0, window } = figure;
  const whole = drawnRuns(runs, metric, part, undefined);
  const drawn = window === undefined ? whole : drawnRuns(runs, metric, part, window);
  const lines = drawn.map(({ line }) => line);
  // Of whole runs, so that a window shows the same curves.
  const smooth =
    smoothing === 0
      ? lines
      : whole.map(({ line }) => ({ ...line, points: within(smoothed(line.points, smoothing), window) }));
  const points = drawn.flatMap(({ line, reported, band }) => [
    ...line.points,
    ...reported,
    ...band.flatMap(({ step, low, high }) => [
      { step, value: low },
      { step, value: high },
    ]),
  ]);
  const marks = notFiniteMarks(lines);

  const labels = [...smooth.map((line) => labelOf(line, metrics[metric])), ...reportedLabel(drawn)];
  const beside = width >= 480 && endLabelsWidth(labels) <= 0.4 * width;
  const right = width - (beside ? endLabelsWidth(labels) : 18);
  const legend = legendRows(labels, 12, right);

  const top = titleRow + (beside ? 0 : legend.height) + marksHeight(marks);
  const bottom = top + panelHeight;
  const { scale } = metrics[metric];
  const values = [...points.map(({ value }) => value), ...references.map(({ value }) => value * scale)];
  const y = (figure.logarithmic && logarithmicAxis(values, bottom, top)) || linearAxis(values, bottom, top, 5);
  const left = leftMargin(y);
  const steps = points.map(({ step }) => step);
  const x = (figure.logarithmicSteps ? logarithmicStepAxis : stepAxis)(steps, left, right, window);
  const box: Box = { left, right, top, bottom };
  const markers = smoothing === 0 && lines.every(hasMarkers);
  const note = smoothing === 0 ? "" : `, ${smoothingNote(smoothing)}`;
  const { stepsPerEpoch, logarithmicSteps = false, stepName } = figure;
  const epochs = window === undefined && !logarithmicSteps ? stepsPerEpoch : undefined;

  const height = Math.ceil(bottom + stepsRow);
  return picture(
    { id, title, description: describe(figure) + describeReferences(references), width, height, style: seriesStyle },
    [
      drawFrame(box, x, y),
      drawSteps(box, x, epochs, logarithmicSteps ? `${stepName ?? "update step"}, logarithmic` : stepName),
      element("text", { x: beside ? left : 12, y: 14 }, `${partName(part)} ${metric} (${metrics[metric].unit})${note}`),
      drawMarks(box, x, marks),
      drawReferences(references, metric, box, y),
      ...drawn.map(({ style, band }) => drawBand(style, band, x, y)),
      ...(smoothing === 0 ? [] : lines.map((line) => drawLine(line, x, y, false, "measured"))),
      ...smooth.map((line) => drawLine(line, x, y, markers)),
      ...drawn.flatMap(({ style, reported }) =>
        reported.map(({ step, value }) => drawMarker(style, { x: x.place(step), y: y.place(value) }, "hollow")),
      ),
      beside ? endLabels(labels, box, y) : legend.draw(14 + 18),
    ],
  );
}

function drawnRuns(
  runs: readonly ComparedRun[],
  metric: Metric,
  part: Part,
  window: StepWindow | undefined,
): readonly Drawn[] {
  if (runs.length > seriesStyles.length) {
    throw new RangeError(`a comparison shows at most ${seriesStyles.length} runs apart, not ${runs.length}`);
  }
  const { scale } = metrics[metric];
  return runs.map(({ name, series, reported = [], band = [] }, index) => {
    const style = seriesStyles[index];
    const points = within(series, window).map((row) => ({ step: row.step, value: row[part][metric] * scale }));
    const wrong = reported.find(({ step, value }) => !Number.isFinite(value) || !(step >= 0));
    if (wrong !== undefined) {
      throw new RangeError(`${name}: a report has no value ${wrong.value} at step ${wrong.step} in its figure`);
    }
    return {
      style,
      line: { name, style, points },
      band: within(band, window).map(({ step, low, high }) => ({ step, low: low * scale, high: high * scale })),
      reported: within(reported, window).map(({ step, value }) => ({ step, value: value * scale })),
    };
  });
}

/** What explains the hollow markers: in the look of the only run that has them, or of none in particular. */
function reportedLabel(drawn: readonly Drawn[]): readonly Label[] {
  const having = drawn.filter(({ reported }) => reported.length > 0);
  if (having.length === 0) return [];
  const style = having.length === 1 ? having[0].style : "any";
  return [{ ...markerEntry("reported", style, "hollow"), end: undefined, text: "" }];
}

/** What the picture shows, in sentences for those who do not see it. */
function describe({ runs, metric, part, stepName = "update step", smoothing = 0 }: ComparisonFigure): string {
  const { unit, quantity } = metrics[metric];
  const text = (value: number) => numberText(value, quantity);
  const descriptions = runs.map(({ name, series, reported = [] }) => {
    const [first, last] = [series.at(0), series.at(-1)];
    const measured =
      first === undefined || last === undefined
        ? "no measurements"
        : `from ${text(first[part][metric])} to ${text(last[part][metric])} at step ${numberText(last.step, "count")}`;
    const end = reported.at(-1);
    const printed = end === undefined ? "" : `, reported ${text(end.value)} at step ${numberText(end.step, "count")}`;
    return `${name} ${measured}${printed}`;
  });
  const note = smoothing === 0 ? "" : ` ${smoothingNote(smoothing)}.`;
  return `${partName(part)} ${metric} (${unit}) against ${stepName}: ${descriptions.join("; ")}.${note}`;
}

function partName(key: Part): string {
  return parts.find(({ part }) => part === key)?.name ?? key;
}
