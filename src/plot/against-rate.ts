import type { Measurement } from "../record/event.ts";
import { linearAxis, logarithmicAxis } from "./axis.ts";
import type { Chart } from "./chart.ts";
import { type Box, drawBeneath, drawFrame, leftMargin, stepsRow, titleRow } from "./frame.ts";
import { labelOf, legendRow } from "./legend.ts";
import { drawLine, hasMarkers } from "./line.ts";
import { element } from "./markup.ts";
import { metrics, parts } from "./metric.ts";
import { numberText, percentText } from "./number-text.ts";
import { picture } from "./picture.ts";

/** A rate range test: what was measured while the rate rose. */
export interface RateRangeFigure extends Chart {
  /** In the order of their rates. */
  readonly series: readonly Measurement[];
  /** Between which rates it learns; absent where none was found. */
  readonly range?: { readonly min: number; readonly max: number };
}

const panelHeight = 240;

/** Accuracy in percent of the training and validation images against the learning rate, the range marked: one SVG document. */
export function accuracyAgainstRate({ series, range, id, title, width = 640 }: RateRangeFigure): string {
  const measured = series.filter(({ learningRate }) => learningRate > 0);
  const lines = parts.map(({ part, name }) => ({
    name,
    style: part,
    points: measured.map((row) => ({ step: row.learningRate, value: 100 * row[part].accuracy })),
  }));
  const [top, right] = [titleRow, width - 18];
  const bottom = top + panelHeight;
  const y = linearAxis(
    lines.flatMap(({ points }) => points.map(({ value }) => value)),
    bottom,
    top,
    5,
  );
  const box: Box = { left: leftMargin(y), right, top, bottom };
  const rates = measured.map(({ learningRate }) => learningRate);
  const x = logarithmicAxis(rates, box.left, right) ?? { place: () => box.left, ticks: [] };
  const labels = lines.map((line) => labelOf(line, metrics.accuracy));
  return picture({ id, title, description: describe(measured, range), width, height: bottom + stepsRow, style }, [
    range === undefined ? "" : marked(range, x.place, box),
    drawFrame(box, x, y),
    drawBeneath(box, x, "learning rate η"),
    element("text", { x: 12, y: 14 }, "accuracy (%)"),
    ...lines.map((line) => drawLine(line, x, y, hasMarkers(line))),
    legendRow(labels, right, 14),
  ]);
}

const style = `
.gradus-figure .set{fill:#0072b2;fill-opacity:.1;stroke:none}
.gradus-figure .edge{stroke:#57606a;stroke-dasharray:4 3;fill:none}
@media screen and (prefers-color-scheme:dark){
.gradus-figure .set{fill:#56b4e9}
.gradus-figure .edge{stroke:#a2abb4}
}
`;

/** The range as a shaded strip with its ends, each with its rate. */
function marked(
  { min, max }: NonNullable<RateRangeFigure["range"]>,
  place: (rate: number) => number,
  { top, bottom }: Box,
): string {
  const [from, to] = [place(min), place(max)];
  const text = (rate: number, at: number, anchor: "start" | "end") =>
    element("text", { class: "quiet", x: at, y: bottom - 6, "text-anchor": anchor }, numberText(rate, "rate"));
  return [
    element("rect", { class: "set", x: from, y: top, width: Math.max(0, to - from), height: bottom - top }),
    ...[from, to].map((at) => element("path", { class: "edge", d: `M${at.toFixed(1)},${top}V${bottom}` })),
    text(min, from + 4, "start"),
    text(max, to - 4, "end"),
  ].join("\n");
}

function describe(series: readonly Measurement[], range: RateRangeFigure["range"]): string {
  const [first, last] = [series.at(0), series.at(-1)];
  if (first === undefined || last === undefined) return "No measurements.";
  const best = series.reduce((a, b) => (b.validation.accuracy > a.validation.accuracy ? b : a));
  const rate = ({ learningRate }: Measurement) => numberText(learningRate, "rate");
  const found =
    range === undefined
      ? "No rate improves on the start."
      : `The network learns between ${numberText(range.min, "rate")} and ${numberText(range.max, "rate")}.`;
  return `accuracy (%) against the learning rate from ${rate(first)} to ${rate(last)}: validation largest, ${percentText(best.validation.accuracy)}, at ${rate(best)}. ${found}`;
}
