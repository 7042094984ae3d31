import { linearAxis } from "./axis.ts";
import { type Box, drawBeneath, drawFrame, leftMargin, stepsRow, titleRow } from "./frame.ts";
import { lambdaAxis } from "./lambda-axis.ts";
import { type Entry, legendRows, markerEntry } from "./legend.ts";
import { drawMarker } from "./marker.ts";
import { element } from "./markup.ts";
import { numberText } from "./number-text.ts";
import { picture } from "./picture.ts";
import { type SeriesStyle, seriesStyle } from "./series-style.ts";

/** Accuracies of a search over lambda. */
export interface LambdaFigure {
  /** Each set of images at most once; accuracies are fractions. */
  readonly groups: readonly LambdaGroup[];
  /** What the error bars are, for the legend: `95 % interval`. */
  readonly bars?: string;
  /** Begins every id inside the figure: no spaces, and unique in the page the figure goes into. */
  readonly id: string;
  /** Read out in place of the picture, before a description made from the numbers. */
  readonly title: string;
  /** Pixels the figure is laid out for, 640 by default. */
  readonly width?: number;
}

interface LambdaGroup {
  readonly part: keyof typeof looks;
  readonly points: readonly LambdaPoint[];
  /** What a report printed. */
  readonly reported?: readonly { readonly lambda: number; readonly accuracy: number }[];
}

/** One trial; with `low` and `high`, an error bar between them. */
interface LambdaPoint {
  readonly lambda: number;
  readonly accuracy: number;
  readonly low?: number;
  readonly high?: number;
}

const looks = {
  train: { name: "training", style: "series-1" },
  validation: { name: "validation", style: "series-2" },
  test: { name: "test", style: "series-3" },
} as const satisfies Record<string, { name: string; style: SeriesStyle }>;

const panelHeight = 240;
/** Pixels between the groups' points of one lambda, so that no bar hides another. */
const dodge = 7;

/**
 * Accuracy in percent against lambda on a logarithmic axis, 0 at its left edge: one SVG document.
 * A value that is not finite is a cross on the axis.
 */
export function accuracyAgainstLambda(figure: LambdaFigure): string {
  const { groups, id, title, width = 640 } = figure;
  const right = width - 18;
  const legend = legendRows(entries(figure), 12, right);
  const top = titleRow + legend.height;
  const bottom = top + panelHeight;

  const lambdas = groups.flatMap(({ points, reported = [] }) => [...points, ...reported].map(({ lambda }) => lambda));
  const y = linearAxis(groups.flatMap(heights), bottom, top, 5);
  const left = leftMargin(y);
  const x = lambdaAxis(lambdas, left, right);
  const box: Box = { left, right, top, bottom };

  const drawn = groups.flatMap(({ part, points, reported = [] }, index) => {
    const { style } = looks[part];
    const shift = dodge * (index - (groups.length - 1) / 2);
    const at = ({ lambda, accuracy }: LambdaPoint) => ({ x: x.place(lambda) + shift, y: y.place(100 * accuracy) });
    return [
      ...points.map((point) => drawBar(style, x.place(point.lambda) + shift, point, y.place)),
      ...reported.filter(isFinitePoint).map((point) => drawMarker(style, at(point), "hollow")),
      ...points.map((point) =>
        isFinitePoint(point) ? drawMarker(style, at(point)) : drawCross(x.place(point.lambda) + shift, bottom - 8),
      ),
    ];
  });
  const height = Math.ceil(bottom + stepsRow);
  return picture({ id, title, description: describe(groups), width, height, style: seriesStyle }, [
    drawFrame(box, x, y),
    x.gap === undefined ? "" : drawGap(x.gap, bottom),
    drawBeneath(box, x, "lambda"),
    element("text", { x: 12, y: 14 }, "accuracy (%)"),
    legend.draw(14 + 18),
    ...drawn,
  ]);
}

/** Everything the vertical axis must hold, in percent. */
function heights({ points, reported = [] }: LambdaGroup): readonly number[] {
  const fractions = [
    ...points.flatMap(({ accuracy, low, high }) => [accuracy, low, high]),
    ...reported.map(accuracyOf),
  ];
  return fractions.flatMap((fraction) => (fraction === undefined ? [] : [100 * fraction]));
}

function accuracyOf({ accuracy }: LambdaPoint): number {
  return accuracy;
}

function isFinitePoint({ accuracy }: LambdaPoint): boolean {
  return Number.isFinite(accuracy);
}

function entries({ groups, bars = "interval" }: LambdaFigure): readonly Entry[] {
  const points = groups.flatMap((group) => group.points);
  const reporting = groups.filter(({ reported = [] }) => reported.length > 0);
  const style = reporting.length === 1 ? looks[reporting[0].part].style : "any";
  return [
    ...groups.map(({ part }) => markerEntry(looks[part].name, looks[part].style, "full")),
    ...(reporting.length === 0 ? [] : [markerEntry("reported", style, "hollow")]),
    ...(points.some(hasBar) ? [{ name: bars, key: (x: number, y: number) => bar("axis", x + 8, y - 7, y + 7) }] : []),
    ...(points.every(isFinitePoint)
      ? []
      : [{ name: "not finite", key: (x: number, y: number) => drawCross(x + 8, y) }]),
  ];
}

function hasBar({ low, high }: LambdaPoint): boolean {
  return low !== undefined && high !== undefined && Number.isFinite(low) && Number.isFinite(high);
}

function drawBar(style: SeriesStyle, x: number, point: LambdaPoint, place: (percent: number) => number): string {
  const { low = Number.NaN, high = Number.NaN } = point;
  return hasBar(point) ? bar(style, x, place(100 * high), place(100 * low)) : "";
}

/** A vertical line with a cap at either end. */
function bar(style: SeriesStyle | "axis", x: number, top: number, bottom: number): string {
  const [from, above, below] = [(x - 3).toFixed(1), top.toFixed(1), bottom.toFixed(1)];
  return element("path", {
    class: `bar ${style}`,
    d: `M${from},${above}h6M${from},${below}h6M${x.toFixed(1)},${above}V${below}`,
  });
}

function drawCross(x: number, y: number): string {
  const d = `M${(x - 3.5).toFixed(1)},${(y - 3.5).toFixed(1)}l7,7m0,-7l-7,7`;
  return element("path", { class: "cross", d });
}

/** Two strokes across the baseline where it is interrupted. */
function drawGap(x: number, y: number): string {
  const stroke = (from: number) => `M${(from - 2).toFixed(1)},${(y + 5).toFixed(1)}l4,-10`;
  return [
    element("rect", { class: "paper", x: x - 3, y: y - 2, width: 6, height: 4 }),
    element("path", { class: "axis", d: stroke(x - 3) + stroke(x + 3) }),
  ].join("\n");
}

/** What the picture shows, in sentences for those who do not see it. */
function describe(groups: readonly LambdaGroup[]): string {
  if (groups.every(({ points }) => points.length === 0)) return "No measurements.";
  const descriptions = groups.map(({ part, points, reported = [] }) => {
    const finite = points.filter(isFinitePoint).toSorted((a, b) => a.accuracy - b.accuracy);
    const [lowest, highest] = [finite.at(0), finite.at(-1)].map(pointText);
    const range = finite.length < 2 ? (highest ?? "none finite") : `from ${lowest} to ${highest}`;
    const lost = points.length - finite.length;
    const printed = reported.filter(isFinitePoint).map(pointText).join(", ");
    return [
      `${looks[part].name} ${range}`,
      ...(lost === 0 ? [] : [`${lost} not finite`]),
      ...(printed === "" ? [] : [`reported ${printed}`]),
    ].join(", ");
  });
  return `accuracy (%) against lambda: ${descriptions.join("; ")}.`;
}

function pointText(point: LambdaPoint | undefined): string | undefined {
  if (point === undefined) return undefined;
  const { lambda, accuracy, low, high } = point;
  const range =
    low === undefined || high === undefined ? "" : ` (${numberText(low, "fraction")}–${numberText(high, "fraction")})`;
  return `${numberText(accuracy, "fraction")}${range} at ${numberText(lambda, "rate")}`;
}
