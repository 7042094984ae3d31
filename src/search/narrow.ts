import { largestOf, smallestOf } from "../math/extremes.ts";
import { type Dimension, gridSize, placeOf, valueAt } from "./dimension.ts";
import type { Setting, Space } from "./space.ts";

/**
 * The space between the smallest and the largest value that the chosen trials have of each path, on the path's own scale, and
 * on each side `widen` steps more, a step being the distance of two values of the grid before, or of as many as there were
 * trials; never beyond the space before. Choices keep what the chosen trials have.
 */
export function narrowed(
  space: Space,
  chosen: readonly Setting[], // best first
  widen: number,
  trials: number,
): Space {
  return Object.fromEntries(
    Object.entries(space).map(([path, dimension]) => {
      const values = chosen.flatMap((setting) => (path in setting ? [setting[path]] : []));
      return [path, values.length === 0 ? dimension : around(dimension, values, widen, trials)];
    }),
  );
}

function around(dimension: Dimension, values: readonly unknown[], widen: number, trials: number): Dimension {
  if (dimension.kind === "choice") {
    const texts = values.map((value) => JSON.stringify(value));
    return { ...dimension, values: dimension.values.filter((value) => texts.includes(JSON.stringify(value))) };
  }
  const places = values.flatMap((value) => placeOf(dimension, value) ?? []);
  if (places.length === 0) return dimension;
  const step = 1 / Math.max(1, (gridSize(dimension) ?? trials) - 1);
  const low = valueAt(dimension, Math.max(0, smallestOf(places) - widen * step));
  const high = valueAt(dimension, Math.min(1, largestOf(places) + widen * step));
  return low === high ? dimension : ({ ...dimension, low, high } as Dimension);
}

/** Paths whose value in the best setting is the first or last that its range has. */
export function atEdge(space: Space, best: Setting): string[] {
  return Object.entries(space).flatMap(([path, dimension]) => {
    if (dimension.kind === "choice" || !(path in best)) return [];
    const value = Number(best[path]);
    const isNear = (end: number) => Math.abs(value - end) <= 1e-9 * Math.abs(end);
    return isNear(dimension.low) || isNear(dimension.high) ? [path] : [];
  });
}
