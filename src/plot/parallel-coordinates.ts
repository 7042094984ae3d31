import { largestOf } from "../math/extremes.ts";
import type { SearchFigure } from "./against-parameter.ts";
import { linearAxis } from "./axis.ts";
import { textWidth } from "./figure-style.ts";
import { stepsRow, titleRow } from "./frame.ts";
import { legendRows } from "./legend.ts";
import { element, escapeMarkup } from "./markup.ts";
import { type ParameterAxis, parameterAxis, ticksWidth } from "./parameter-axis.ts";
import { picture } from "./picture.ts";
import { searchEntries, searchStyle, searchText, stageStyle } from "./search-marks.ts";
import { bestOf, isFinished, type SearchParameter, type SearchPoint } from "./search-points.ts";

const panelHeight = 240;
const nameRow = 16;

/** An axis of parallel coordinates, and how high a point lies on it. */
export interface ParallelAxis extends ParameterAxis {
  readonly name: string;
}

/** The axes of the parameters, and the accuracy's last, from the pixel `bottom` up to `top`. */
export function parallelAxes(
  points: readonly SearchPoint[],
  parameters: readonly SearchParameter[],
  bottom = panelHeight,
  top = 0,
): readonly ParallelAxis[] {
  const finished = points.filter(isFinished);
  const accuracy = linearAxis(
    finished.map((point) => 100 * (point.accuracy ?? 0)),
    bottom,
    top,
    5,
  );
  return [
    ...parameters.map((parameter, index) => ({
      name: parameter.name,
      ...parameterAxis(parameter, index, finished, bottom, top),
    })),
    { name: "accuracy (%)", ticks: accuracy.ticks, placeOf: ({ accuracy: value = 0 }) => accuracy.place(100 * value) },
  ];
}

/**
 * A line for each finished trial through its parameters and its accuracy, each on an axis of its own: one SVG document.
 * @param shown those whose lines are drawn, on the axes of all
 */
export function parallelCoordinates(figure: SearchFigure, shown: readonly SearchPoint[] = figure.points): string {
  const { points, parameters, id, title, width = 640 } = figure;
  const finished = shown.filter(isFinished);
  const legend = legendRows(searchEntries(points), 12, width - 18);
  const top = titleRow + legend.height + 16;
  const bottom = top + panelHeight;
  const axes = parallelAxes(points, parameters, bottom, top);
  const left = 16 + ticksWidth(axes[0]);
  const step = (width - 40 - left) / (axes.length - 1);
  // Where names would meet, neighbours stand in different rows.
  const widest = largestOf(axes.map(({ name }) => textWidth(name)));
  const nameRows = Math.min(axes.length, Math.ceil((widest + 8) / step));
  const best = bestOf(shown);
  const drawn = finished
    .toSorted((a, b) => Number(a.mayBeBest) - Number(b.mayBeBest))
    .map((point) => {
      const corners = axes.flatMap(({ placeOf }, i) => {
        const y = placeOf(point);
        return y === undefined ? [] : [`${(left + i * step).toFixed(1)},${y.toFixed(1)}`];
      });
      const look = point === best ? "rate" : stageStyle(point.stage);
      const name = `line plain ${look}${point.mayBeBest ? "" : " faint"}`;
      return element("path", { class: name, d: `M${corners.join("L")}` });
    });
  const frames = axes.flatMap(({ name, ticks }, i) => {
    const x = left + i * step;
    const anchor = i === axes.length - 1 ? "end" : i === 0 ? "start" : "middle";
    return [
      element("path", { class: "axis", d: `M${x.toFixed(1)},${top}V${bottom}` }),
      ...ticks.flatMap(({ position, text }) => {
        const plate = textWidth(text) + 4;
        return [
          element("rect", { class: "paper", x: x - plate - 3, y: position - 7, width: plate, height: 14 }),
          element("text", { class: "quiet", x: x - 5, y: position + 4, "text-anchor": "end" }, escapeMarkup(text)),
        ];
      }),
      element(
        "text",
        {
          x: i === 0 ? 12 : x + (i === axes.length - 1 ? 24 : 0),
          y: bottom + 24 + (i % nameRows) * nameRow,
          "text-anchor": anchor,
        },
        escapeMarkup(name),
      ),
    ];
  });
  const description = searchText(shown, parameters);
  const height = bottom + stepsRow + (nameRows - 1) * nameRow;
  return picture({ id, title, description, width, height, style: searchStyle }, [
    legend.draw(14 + 4),
    ...drawn,
    ...frames,
  ]);
}
