import type { SearchFigure } from "./against-parameter.ts";
import { linearAxis, stepAxis } from "./axis.ts";
import { type Box, drawBeneath, drawFrame, leftMargin, stepsRow, titleRow } from "./frame.ts";
import { legendRows } from "./legend.ts";
import { element } from "./markup.ts";
import { picture } from "./picture.ts";
import { bestMark, lostMark, searchEntries, searchStyle, searchText, trialMark } from "./search-marks.ts";
import { bestOf, isFinished } from "./search-points.ts";

const panelHeight = 220;

/** Each trial's accuracy in percent in the order they were proposed, and the best so far as a line: one SVG document. */
export function searchCourse({ points, parameters, id, title, width = 640 }: SearchFigure): string {
  const right = width - 18;
  const legend = legendRows(
    [
      ...searchEntries(points),
      { name: "best so far", key: (x, y) => element("path", { class: "line rate", d: `M${x},${y}h16` }) },
    ],
    12,
    right,
  );
  const top = titleRow + legend.height;
  const bottom = top + panelHeight;
  const finished = points.filter(isFinished);
  const y = linearAxis(
    finished.map(({ accuracy = 0 }) => 100 * accuracy),
    bottom,
    top,
    5,
  );
  const left = leftMargin(y);
  const box: Box = { left, right, top, bottom };
  const x = stepAxis(
    points.map(({ trial }) => trial),
    left + 10,
    right - 10,
  );
  let most = Number.NEGATIVE_INFINITY;
  const corners = finished
    .toSorted((a, b) => a.trial - b.trial)
    .map(({ trial, accuracy = 0 }, i) => {
      most = Math.max(most, accuracy);
      const at = x.place(trial).toFixed(1);
      const height = y.place(100 * most).toFixed(1);
      return i === 0 ? `M${at},${height}` : `H${at}V${height}`;
    });
  const best = bestOf(points);
  return picture(
    { id, title, description: searchText(points, parameters), width, height: bottom + stepsRow, style: searchStyle },
    [
      drawFrame(box, x, y),
      drawBeneath(box, x, "trial"),
      element("text", { x: 12, y: 14 }, "validation accuracy (%)"),
      legend.draw(14 + 18),
      corners.length === 0
        ? ""
        : element("path", { class: "line rate", d: `${corners.join("")}H${(right - 10).toFixed(1)}` }),
      ...points.map((point) =>
        isFinished(point)
          ? trialMark(point, x.place(point.trial), y.place(100 * (point.accuracy ?? 0)))
          : lostMark(x.place(point.trial), bottom - 8),
      ),
      best === undefined ? "" : bestMark(x.place(best.trial), y.place(100 * (best.accuracy ?? 0))),
    ],
  );
}
