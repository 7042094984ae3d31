import { largestOf, smallestOf } from "../math/extremes.ts";
import { linearAxis } from "./axis.ts";
import { type Box, drawBeneath, drawFrame, leftMargin, stepsRow, titleRow } from "./frame.ts";
import { legendRows } from "./legend.ts";
import { element } from "./markup.ts";
import { parameterAxis } from "./parameter-axis.ts";
import { picture } from "./picture.ts";
import { bestMark, intervalBar, lostMark, searchEntries, searchStyle, searchText, trialMark } from "./search-marks.ts";
import { bestOf, isFinished, type SearchParameter, type SearchPoint } from "./search-points.ts";

export interface SearchFigure {
  readonly points: readonly SearchPoint[];
  readonly parameters: readonly SearchParameter[];
  /** Begins every id inside the figure: no spaces, and unique in the page the figure goes into. */
  readonly id: string;
  readonly title: string;
  /** Pixels the figure is laid out for, 640 by default. */
  readonly width?: number;
}

const panelHeight = 240;

/**
 * Accuracy in percent against one parameter, every trial at its true value, with its interval. The best is ringed; the range of
 * those that cannot be told from it is shaded. One SVG document.
 */
export function accuracyAgainstParameter(figure: SearchFigure, index: number): string {
  const { points, parameters, id, title, width = 640 } = figure;
  const right = width - 18;
  const legend = legendRows(searchEntries(points), 12, right);
  const top = titleRow + legend.height;
  const bottom = top + panelHeight;
  const finished = points.filter(isFinished);
  const heights = finished.flatMap(({ accuracy = 0, low = accuracy, high = accuracy }) => [accuracy, low, high]);
  const y = linearAxis(
    heights.map((fraction) => 100 * fraction),
    bottom,
    top,
    5,
  );
  const left = leftMargin(y);
  const box: Box = { left, right, top, bottom };
  const { ticks, placeOf } = parameterAxis(parameters[index], index, points, left, right);
  const x = { ticks, place: (value: number) => value };

  const drawn = points.flatMap((point) => {
    const at = placeOf(point);
    if (at === undefined) return [];
    const { accuracy, low, high, stage } = point;
    if (accuracy === undefined || !Number.isFinite(accuracy)) return [lostMark(at, bottom - 8)];
    const bar =
      low === undefined || high === undefined ? [] : [intervalBar(stage, at, y.place(100 * high), y.place(100 * low))];
    return [...bar, trialMark(point, at, y.place(100 * accuracy))];
  });
  const best = bestOf(points);
  const bestAt = best && placeOf(best);
  return picture(
    { id, title, description: searchText(points, parameters), width, height: bottom + stepsRow, style: searchStyle },
    [
      shaded(
        points.filter(({ mayBeBest }) => mayBeBest).flatMap((point) => placeOf(point) ?? []),
        box,
      ),
      drawFrame(box, x, y),
      drawBeneath(box, x, parameters[index].name),
      element("text", { x: 12, y: 14 }, "validation accuracy (%)"),
      legend.draw(14 + 18),
      ...drawn,
      best === undefined || bestAt === undefined ? "" : bestMark(bestAt, y.place(100 * (best.accuracy ?? 0))),
    ],
  );
}

function shaded(places: readonly number[], { top, bottom }: Box): string {
  if (places.length === 0) return "";
  const [from, to] = [smallestOf(places) - 6, largestOf(places) + 6];
  return element("rect", { class: "set", x: from, y: top, width: to - from, height: bottom - top });
}
