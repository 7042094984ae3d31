import { type Axis, linearAxis, logarithmicAxis, logarithmicStepAxis, type Tick } from "./axis.ts";
import type { Chart } from "./chart.ts";
import { type Box, drawBeneath, drawFrame, leftMargin, stepsRow, titleRow } from "./frame.ts";
import { legendRows } from "./legend.ts";
import { drawMarker } from "./marker.ts";
import { element } from "./markup.ts";
import { numberText, percentText } from "./number-text.ts";
import { picture } from "./picture.ts";
import { type SeriesStyle, seriesStyle, seriesStyles } from "./series-style.ts";

/** What came of one setting. */
export interface StartPoint {
  /** Of the setting along the axis. */
  readonly value: number;
  /** The update by which each seed's learning starts; undefined where it never does. */
  readonly starts: readonly (number | undefined)[];
  /** Fractions, with a 95 % interval where there is one. */
  readonly accuracy?: { readonly mean: number; readonly low?: number; readonly high?: number } | undefined;
}

/** Where learning starts, and what it comes to, against a setting that is a number. */
export interface LearningStartsFigure extends Chart {
  /** What the axis is called. */
  readonly parameter: string;
  /** At most as many as there are series styles. */
  readonly lines: readonly { readonly name: string; readonly points: readonly StartPoint[] }[];
}

const panelHeight = 170;
const neverRow = 22;

/** The update by which learning starts, each seed a marker, above the validation accuracy in percent: one SVG document. */
export function learningStarts({ parameter, lines, id, title, width = 640 }: LearningStartsFigure): string {
  const drawn = lines.map(({ name, points }, at) => ({
    name,
    style: seriesStyles[at % seriesStyles.length],
    points: points.toSorted((a, b) => a.value - b.value),
  }));
  const all = drawn.flatMap(({ points }) => points);
  const right = width - 18;
  const legend = legendRows(
    drawn.map(({ name, style }) => ({ name, key: (x, y) => drawMarker(style, { x: x + 8, y }) })),
    12,
    right,
  );
  const starts = all.flatMap((point) => point.starts);
  const hasNever = starts.includes(undefined);
  const top = titleRow + legend.height + (hasNever ? neverRow : 0);
  const upper = { top, bottom: top + panelHeight };
  const lower = { top: upper.bottom + titleRow + 10, bottom: upper.bottom + titleRow + 10 + panelHeight };
  const never = top - neverRow / 2;
  const updates = logarithmicStepAxis(
    starts.filter((start) => start !== undefined),
    upper.bottom,
    upper.top + 8,
  );
  const y: Axis = {
    place: updates.place,
    ticks: [...updates.ticks, ...(hasNever ? [{ position: never, text: "never" }] : [])],
  };
  const measured = all.flatMap(({ accuracy }) => accuracy ?? []);
  const percent = linearAxis(
    measured.flatMap(({ mean, low = mean, high = mean }) => [percentOf(low), percentOf(mean), percentOf(high)]),
    lower.bottom,
    lower.top,
    4,
  );
  const left = leftMargin(y, percent);
  const x = valueAxis(
    all.map(({ value }) => value),
    left + 18,
    right - 18,
  );
  const [above, below]: Box[] = [
    { left, right, ...upper },
    { left, right, ...lower },
  ];
  const description = describe(parameter, drawn);
  return picture({ id, title, description, width, height: lower.bottom + stepsRow, style }, [
    element("text", { x: 12, y: 14 }, "update by which learning starts"),
    legend.draw(14 + 18),
    drawFrame(above, x, y),
    ...drawn.flatMap(({ style, points }) => [
      joined(style, points, x, (point) => middle(point.starts), y.place),
      ...points.flatMap(({ value, starts }) =>
        starts.map((start) =>
          start === undefined
            ? drawMarker(style, { x: x.place(value), y: never }, "hollow")
            : drawMarker(style, { x: x.place(value), y: y.place(start) }),
        ),
      ),
    ]),
    element("text", { x: 12, y: lower.top - 12 }, "validation accuracy (%)"),
    drawFrame(below, x, percent),
    drawBeneath(below, x, parameter),
    ...drawn.flatMap(({ style, points }) => [
      joined(
        style,
        points,
        x,
        ({ accuracy }) => accuracy && percentOf(accuracy.mean),
        (value) => percent.place(value),
      ),
      ...points.flatMap(({ value, accuracy }) => {
        if (accuracy === undefined) return [];
        const { mean, low, high } = accuracy;
        const at = x.place(value);
        const mark = drawMarker(style, { x: at, y: percent.place(percentOf(mean)) });
        if (low === undefined || high === undefined) return [mark];
        return [bar(style, at, percent.place(percentOf(high)), percent.place(percentOf(low))), mark];
      }),
    ]),
  ]);
}

const style = `${seriesStyle}
.gradus-figure .line.plain{stroke-width:1.5}
`;

/** In percent; an interval of few seeds may reach beyond what an accuracy can be. */
function percentOf(fraction: number): number {
  return 100 * Math.min(1, Math.max(0, fraction));
}

/** More values than these have the ticks of an axis; few are the ticks themselves. */
const fewValues = 8;
/** From this factor on between the smallest and the largest, a logarithm shows them better. */
const wide = 20;

function valueAxis(values: readonly number[], from: number, to: number): Axis {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const isWide = distinct.length > 1 && distinct[distinct.length - 1] >= wide * distinct[0];
  const axis = (isWide && logarithmicAxis(distinct, from, to)) || linearAxis(distinct, from, to, 6);
  if (distinct.length > fewValues) return axis;
  const ticks: Tick[] = distinct.map((value) => ({ position: axis.place(value), text: numberText(value, "rate") }));
  return { place: axis.place, ticks };
}

/** The median of the seeds; undefined where that one never starts. */
function middle(starts: readonly (number | undefined)[]): number | undefined {
  const sorted = starts.map((start) => start ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const value = sorted[Math.floor(sorted.length / 2)];
  return value === Number.POSITIVE_INFINITY ? undefined : value;
}

/** A line through what is known: what never starts leaves a gap. */
function joined(
  style: SeriesStyle,
  points: readonly StartPoint[],
  x: Axis,
  read: (point: StartPoint) => number | undefined,
  place: (value: number) => number,
): string {
  let isApart = true;
  const d = points.map((point) => {
    const value = read(point);
    if (value === undefined) {
      isApart = true;
      return "";
    }
    const text = `${isApart ? "M" : "L"}${x.place(point.value).toFixed(1)},${place(value).toFixed(1)}`;
    isApart = false;
    return text;
  });
  const path = d.join("");
  return path === "" ? "" : element("path", { class: `line plain ${style}`, d: path });
}

function bar(style: SeriesStyle, x: number, top: number, bottom: number): string {
  const d = `M${(x - 3).toFixed(1)},${top.toFixed(1)}h6M${(x - 3).toFixed(1)},${bottom.toFixed(1)}h6M${x.toFixed(1)},${top.toFixed(1)}V${bottom.toFixed(1)}`;
  return element("path", { class: `bar ${style}`, d });
}

function describe(parameter: string, lines: LearningStartsFigure["lines"]): string {
  const texts = lines.map(({ name, points }) => {
    const each = points.map(({ value, starts, accuracy }) => {
      const start = middle(starts);
      const begins = start === undefined ? "never starts" : `starts by update ${numberText(start, "count")}`;
      const reached = accuracy === undefined ? "" : `, validation ${percentText(accuracy.mean)}`;
      return `at ${numberText(value, "rate")} ${begins}${reached}`;
    });
    return `${name}: ${each.join("; ")}`;
  });
  return `Where learning starts, and the validation accuracy, against ${parameter}. ${texts.join(". ")}.`;
}
