import type { SearchFigure } from "./against-parameter.ts";
import type { Point } from "./decimate.ts";
import { textWidth } from "./figure-style.ts";
import { type Box, drawBeneath, drawFrame, stepsRow, titleRow } from "./frame.ts";
import { legendRows } from "./legend.ts";
import { element, escapeMarkup } from "./markup.ts";
import { parameterAxis, ticksWidth } from "./parameter-axis.ts";
import { picture } from "./picture.ts";
import { bestMark, lostMark, searchEntries, searchStyle, searchText, trialMark } from "./search-marks.ts";
import { bestOf, isFinished } from "./search-points.ts";

const panelHeight = 300;
/** Cells of the shading, across and down. */
const cells = { x: 32, y: 20 };
const shades = 8;

/**
 * Two parameters of a search: the trials in their places, the best nine with their ranks, over a shading that is bluer where
 * trials near a place rank higher (a Gaussian mean of their ranks, a tenth of the panel wide; those that diverged rank last).
 * One SVG document.
 */
export function twoParameters(
  { points, parameters, id, title, width = 640 }: SearchFigure,
  first: number,
  second: number,
): string {
  const right = width - 18;
  const legend = legendRows(searchEntries(points), 12, right);
  const top = titleRow + legend.height;
  const bottom = top + panelHeight;
  const down = parameterAxis(parameters[second], second, points, bottom, top);
  const left = 20 + ticksWidth(down);
  const across = parameterAxis(parameters[first], first, points, left, right);
  const box: Box = { left, right, top, bottom };
  const place = (value: number) => value;

  const ranked = points.filter(isFinished).toSorted((a, b) => (b.accuracy ?? 0) - (a.accuracy ?? 0));
  const spots = ranked.flatMap((point, rank) => {
    const [x, y] = [across.placeOf(point), down.placeOf(point)];
    return x === undefined || y === undefined ? [] : [{ point, rank, x, y }];
  });
  const lost = points
    .filter((point) => !isFinished(point))
    .flatMap((point) => {
      const [x, y] = [across.placeOf(point), down.placeOf(point)];
      return x === undefined || y === undefined ? [] : [{ x, y }];
    });
  const best = spots.find(({ point }) => point === bestOf(points));
  const style = `${searchStyle}${Array.from({ length: shades }, (_, i) => `.gradus-figure .shade-${i}{fill:#0072b2;fill-opacity:${(0.03 + (0.42 * i) / shades).toFixed(2)};stroke:none}`).join("\n")}\n`;
  const description = `${searchText(points, parameters)} ${parameters[second].name} against ${parameters[first].name}.`;
  return picture({ id, title, description, width, height: bottom + stepsRow, style }, [
    ...shading(
      [
        ...spots.map(({ x, y, rank }) => ({ x, y, value: 1 - rank / Math.max(1, ranked.length - 1) })),
        ...lost.map(({ x, y }) => ({ x, y, value: 0 })),
      ],
      box,
    ),
    drawFrame(box, { ticks: across.ticks, place }, { ticks: down.ticks, place }),
    drawBeneath(box, { ticks: across.ticks, place }, parameters[first].name),
    element("text", { x: 12, y: 14 }, escapeMarkup(parameters[second].name)),
    legend.draw(14 + 18),
    ...lost.map(({ x, y }) => lostMark(x, y)),
    ...spots.map(({ point, x, y }) => trialMark(point, x, y)),
    best === undefined ? "" : bestMark(best.x, best.y),
    ...rankPlaces(spots).map(({ x, y }, rank) => element("text", { class: "quiet", x, y }, String(rank + 1))),
  ]);
}

/** Where the ranks of the best stand: beside their trials, on neither a trial nor another rank where there is room. */
function rankPlaces(spots: readonly Point[]): readonly Point[] {
  const [wide, high] = [textWidth("0"), 10];
  const taken = spots.map(({ x, y }) => ({ left: x - 4, right: x + 4, top: y - 4, bottom: y + 4 }));
  return spots.slice(0, 9).map((spot) => {
    const corners = [
      { x: spot.x + 8, y: spot.y - 6 },
      { x: spot.x - 8 - wide, y: spot.y - 6 },
      { x: spot.x + 8, y: spot.y + 6 + high },
      { x: spot.x - 8 - wide, y: spot.y + 6 + high },
    ];
    const boxOf = ({ x, y }: Point) => ({ left: x, right: x + wide, top: y - high, bottom: y });
    const isFree = (corner: Point) => {
      const { left, right, top, bottom } = boxOf(corner);
      return taken.every((box) => box.right < left || box.left > right || box.bottom < top || box.top > bottom);
    };
    const place = corners.find(isFree) ?? corners[0];
    taken.push(boxOf(place));
    return place;
  });
}

function shading(
  spots: readonly { readonly value: number; readonly x: number; readonly y: number }[],
  { left, right, top, bottom }: Box,
): string[] {
  if (spots.length < 3) return [];
  const [wide, high] = [(right - left) / cells.x, (bottom - top) / cells.y];
  const reach = 0.1;
  return Array.from({ length: cells.x * cells.y }, (_, cell) => cell).flatMap((cell) => {
    const x = left + (cell % cells.x) * wide;
    const y = top + Math.floor(cell / cells.x) * high;
    let [sum, weights] = [0, 0];
    for (const spot of spots) {
      const dx = (spot.x - x - wide / 2) / (right - left);
      const dy = (spot.y - y - high / 2) / (bottom - top);
      const weight = Math.exp(-(dx * dx + dy * dy) / (2 * reach * reach));
      sum += weight * spot.value;
      weights += weight;
    }
    // Far from every trial nothing is known.
    if (weights < 0.1) return [];
    const shade = Math.min(shades - 1, Math.floor((shades * sum) / weights));
    return [element("rect", { class: `shade-${shade}`, x, y, width: wide, height: high })];
  });
}
