import { area as areaPath, line as linePath } from "d3-shape";
import type { Axis } from "./axis.ts";
import { decimate, type Point } from "./decimate.ts";
import { drawMarker } from "./marker.ts";
import { element } from "./markup.ts";
import type { SeriesStyle } from "./series-style.ts";

/** One curve in a record's own numbers; values that are not finite are gaps. */
export interface Line {
  /** What the curve is called where it is labelled. */
  readonly name: string;
  /** Its classes in the style sheet. */
  readonly style: "train" | "validation" | "rate" | SeriesStyle;
  readonly points: readonly { readonly step: number; readonly value: number }[];
}

/** Points up to which each shows as a marker: of more, the curve alone reads better. */
const fewPoints = 24;

export function hasMarkers({ points }: Line): boolean {
  return points.length <= fewPoints;
}

/** The curve, with a marker a point when `markers`; thin and faint as what was measured, behind one that is smoothed. */
export function drawLine(line: Line, x: Axis, y: Axis, markers: boolean, look: "measured" | "" = ""): string {
  const points = line.points.map(({ step, value }) => ({
    x: x.place(step),
    y: Number.isFinite(value) ? y.place(value) : Number.NaN,
  }));
  const path = linePath<Point>()
    .defined((point) => !Number.isNaN(point.y))
    .x((point) => point.x)
    .y((point) => point.y)
    .digits(1);
  const d = path(decimate(points));
  return [
    d === null ? "" : element("path", { class: `line ${line.style}${look === "" ? "" : ` ${look}`}`, d }),
    ...(markers ? points.filter((point) => !Number.isNaN(point.y)).map((point) => drawMarker(line.style, point)) : []),
  ].join("\n");
}

/** What lies between a smallest and a largest value, as a tint behind the curves; values that are not finite are gaps. */
export function drawBand(
  style: SeriesStyle,
  spreads: readonly { readonly step: number; readonly low: number; readonly high: number }[],
  x: Axis,
  y: Axis,
): string {
  const path = areaPath<(typeof spreads)[number]>()
    .defined(({ low, high }) => Number.isFinite(low) && Number.isFinite(high))
    .x(({ step }) => x.place(step))
    .y0(({ low }) => y.place(low))
    .y1(({ high }) => y.place(high))
    .digits(1);
  const d = path(spreads);
  return d === null ? "" : element("path", { class: `band ${style}`, d });
}
