import { type Entry, markerEntry } from "./legend.ts";
import { drawMarker } from "./marker.ts";
import { element } from "./markup.ts";
import { numberText } from "./number-text.ts";
import { valueText } from "./parameter-axis.ts";
import { bestOf, isFinished, type SearchParameter, type SearchPoint } from "./search-points.ts";
import { seriesStyle, seriesStyles } from "./series-style.ts";

/** The rules of searches' figures, for `picture`. */
export const searchStyle = `${seriesStyle}
.gradus-figure .set{fill:#0072b2;fill-opacity:.1;stroke:none}
.gradus-figure .faint{stroke-opacity:.35}
.gradus-figure .line.plain{stroke-dasharray:none}
@media screen and (prefers-color-scheme:dark){
.gradus-figure .set{fill:#56b4e9}
}
`;

/** The look of a stage's trials. */
export function stageStyle(stage: number) {
  return seriesStyles[stage % seriesStyles.length];
}

/** A trial: full where it may be the best, hollow where others are better. */
export function trialMark(point: SearchPoint, x: number, y: number): string {
  return drawMarker(stageStyle(point.stage), { x, y }, point.mayBeBest ? "full" : "hollow");
}

/** Where a trial diverged. */
export function lostMark(x: number, y: number): string {
  return element("path", { class: "cross", d: `M${(x - 3.5).toFixed(1)},${(y - 3.5).toFixed(1)}l7,7m0,-7l-7,7` });
}

/** A ring around the best. */
export function bestMark(x: number, y: number): string {
  return element("circle", { class: "mark hollow any", cx: x, cy: y, r: 8, "fill-opacity": "0" });
}

/** An interval from top to bottom, with a cap at either end. */
export function intervalBar(stage: number, x: number, top: number, bottom: number): string {
  const d = `M${(x - 3).toFixed(1)},${top.toFixed(1)}h6M${(x - 3).toFixed(1)},${bottom.toFixed(1)}h6M${x.toFixed(1)},${top.toFixed(1)}V${bottom.toFixed(1)}`;
  return element("path", { class: `bar ${stageStyle(stage)}`, d });
}

/** Names of all that is drawn. */
export function searchEntries(points: readonly SearchPoint[]): Entry[] {
  const stages = [...new Set(points.map(({ stage }) => stage))].sort((a, b) => a - b);
  const [first = 0] = stages;
  return [
    ...(stages.length > 1 ? stages.map((stage) => markerEntry(`stage ${stage + 1}`, stageStyle(stage), "full")) : []),
    markerEntry("may be the best", stageStyle(first), "full"),
    ...(points.some((point) => isFinished(point) && !point.mayBeBest)
      ? [markerEntry("worse", stageStyle(first), "hollow")]
      : []),
    ...(points.every(isFinished) ? [] : [{ name: "diverged", key: (x: number, y: number) => lostMark(x + 8, y) }]),
    { name: "best", key: (x: number, y: number) => bestMark(x + 8, y) },
  ];
}

/** What the trials say, in a sentence for those who do not see them. */
export function searchText(points: readonly SearchPoint[], parameters: readonly SearchParameter[]): string {
  const best = bestOf(points);
  if (best === undefined) return "No trial has finished.";
  const at = parameters.map(({ name }, i) => `${name} ${valueText(best.values[i])}`).join(", ");
  const few = points.filter(({ mayBeBest }) => mayBeBest).length;
  const lost = points.filter((point) => !isFinished(point)).length;
  return [
    `${points.length} trials${lost === 0 ? "" : `, ${lost} of them diverged`}`,
    `the best reached ${numberText(best.accuracy ?? 0, "fraction")} % at ${at}`,
    `${few} may be the best.`,
  ].join("; ");
}
