import type { Point } from "./decimate.ts";
import { element } from "./markup.ts";
import type { SeriesStyle } from "./series-style.ts";

/** A curve's or marker's class in the style sheet; `any` is the marker of no curve in particular. */
export type MarkStyle = "train" | "validation" | "rate" | "any" | SeriesStyle;

type Shape = "disc" | "square" | "triangle" | "diamond" | "triangle-down" | "slab";

const shapes: Readonly<Record<MarkStyle, Shape>> = {
  train: "disc",
  validation: "square",
  rate: "disc",
  any: "disc",
  "series-1": "disc",
  "series-2": "square",
  "series-3": "triangle",
  "series-4": "diamond",
  "series-5": "triangle-down",
  "series-6": "slab",
};

/** A marker of its style's shape; a hollow one is larger, so that it shows around a full one in the same place. */
export function drawMarker(style: MarkStyle, { x, y }: Point, filling: "full" | "hollow" = "full"): string {
  const r = filling === "hollow" ? 4.25 : 2.75;
  const name = filling === "hollow" ? `mark hollow ${style}` : `mark ${style}`;
  switch (shapes[style]) {
    case "disc":
      return element("circle", { class: name, cx: x, cy: y, r });
    case "square":
      return element("rect", { class: name, x: x - r, y: y - r, width: 2 * r, height: 2 * r });
    case "slab":
      return element("rect", { class: name, x: x - 1.5 * r, y: y - 0.6 * r, width: 3 * r, height: 1.2 * r });
    case "triangle":
      return polygon(name, { x, y }, [0, -1.4 * r], [1.3 * r, 0.9 * r], [-1.3 * r, 0.9 * r]);
    case "triangle-down":
      return polygon(name, { x, y }, [0, 1.4 * r], [1.3 * r, -0.9 * r], [-1.3 * r, -0.9 * r]);
    case "diamond":
      return polygon(name, { x, y }, [0, -1.45 * r], [1.45 * r, 0], [0, 1.45 * r], [-1.45 * r, 0]);
  }
}

function polygon(name: string, { x, y }: Point, ...corners: readonly (readonly [number, number])[]): string {
  const d = corners.map(([dx, dy]) => `${(x + dx).toFixed(1)},${(y + dy).toFixed(1)}`).join("L");
  return element("path", { class: name, d: `M${d}Z` });
}
