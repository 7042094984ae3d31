import { parallelAxes, parallelCoordinates } from "../src/plot/parallel-coordinates.ts";
import { isFinished, type SearchPoint } from "../src/plot/search-points.ts";
import { searchParameters, searchPoints } from "../src/report/search-figures.ts";
import type { SearchResult } from "../src/search/search-result.ts";

/** An axis of parallel coordinates: where each trial lies on it, from 0 at the bottom to 1 at the top. */
export interface BrushAxis {
  readonly name: string;
  readonly shareOf: (point: SearchPoint) => number | undefined;
  /** What lies at a share of it, as words. */
  readonly ticks: readonly { readonly position: number; readonly text: string }[];
}

/** Pixels of an axis, as the figure has them: its margins are pixels too. */
const height = 240;

/** The axes of a search, its parameters and the accuracy last. */
export function axesOf(result: SearchResult): BrushAxis[] {
  const share = (position: number) => 1 - position / height;
  return parallelAxes(searchPoints(result), searchParameters(result), height, 0).map(({ name, ticks, placeOf }) => ({
    name,
    ticks: ticks.map(({ position, text }) => ({ position: share(position), text })),
    shareOf: (point) => {
      const place = placeOf(point);
      return place === undefined ? undefined : share(place);
    },
  }));
}

/** `0:20-80,2:50-100`: of an axis by its place, the percents of it that are kept. */
/** A stretch of an axis, in percent of it. */
export type Range = readonly [from: number, to: number];

export type Ranges = ReadonlyMap<number, Range>;

export function rangesOf(brush: string): Ranges {
  return new Map(
    brush.split(",").flatMap((part) => {
      const [, axis, from, to] = /^(\d{1,2}):(\d{1,3})-(\d{1,3})$/.exec(part) ?? [];
      return axis === undefined ? [] : [[Number(axis), [Number(from), Number(to)]] as const];
    }),
  );
}

export function textOf(ranges: Ranges): string {
  return [...ranges]
    .filter(([, [from, to]]) => from > 0 || to < 100)
    .map(([axis, [from, to]]) => `${axis}:${from}-${to}`)
    .join(",");
}

/** The finished trials that lie in every brushed stretch. */
function keptPoints(result: SearchResult, brush: string): readonly SearchPoint[] {
  const ranges = rangesOf(brush);
  const axes = axesOf(result);
  return searchPoints(result)
    .filter(isFinished)
    .filter((point) =>
      [...ranges].every(([axis, [from, to]]) => {
        const share = axes[axis]?.shareOf(point);
        // A hundredth of leeway: ends are whole percents.
        return share !== undefined && share >= (from - 1) / 100 && share <= (to + 1) / 100;
      }),
    );
}

/** The search with those of its trials alone that lie in every brushed stretch. */
export function brushed(result: SearchResult, brush: string): SearchResult {
  if (rangesOf(brush).size === 0) return result;
  const kept = new Set(keptPoints(result, brush).map(({ trial }) => trial));
  const stages = result.stages.map((stage) => ({
    ...stage,
    trials: stage.trials.filter(({ trial }) => kept.has(trial)),
  }));
  return { ...result, stages };
}

/** Parallel coordinates of what a brush keeps, on the axes of all trials. */
export function brushedFigure(result: SearchResult, brush: string, width: number): string {
  const about = {
    ...{ id: "search-parallel", title: `${result.study}: parallel coordinates`, width },
    ...{ points: searchPoints(result), parameters: searchParameters(result) },
  };
  return parallelCoordinates(about, rangesOf(brush).size === 0 ? undefined : keptPoints(result, brush));
}
