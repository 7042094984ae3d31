import { linearAxis } from "../src/plot/axis.ts";
import { parameterAxis } from "../src/plot/parameter-axis.ts";
import { searchParameters, searchPoints } from "../src/report/search-figures.ts";
import type { SearchResult, TrialResult } from "../src/search/search-result.ts";

/** An axis of parallel coordinates: where each trial lies on it, from 0 at the bottom to 1 at the top. */
interface BrushAxis {
  readonly name: string;
  readonly shareOf: (trial: TrialResult) => number | undefined;
  /** What lies at a share of it, as words. */
  readonly ticks: readonly { readonly position: number; readonly text: string }[];
}

/** The axes of a search, its parameters and the accuracy last. */
function axesOf(result: SearchResult): BrushAxis[] {
  const points = searchPoints(result).filter(({ accuracy }) => accuracy !== undefined);
  const byTrial = new Map(points.map((point) => [point.trial, point]));
  const parameters = searchParameters(result).map((parameter, index): BrushAxis => {
    const { placeOf, ticks } = parameterAxis(parameter, index, points, 0, 1);
    return {
      name: parameter.name,
      ticks,
      shareOf: ({ trial }) => {
        const point = byTrial.get(trial);
        return point && placeOf(point);
      },
    };
  });
  const accuracies = points.map(({ accuracy = Number.NaN }) => 100 * accuracy);
  const { place, ticks } = linearAxis(accuracies, 0, 1, 5);
  const shareOf = ({ accuracy }: TrialResult) => (accuracy === undefined ? undefined : place(100 * accuracy));
  return [...parameters, { name: "accuracy (%)", ticks, shareOf }];
}

/** `0:20-80,2:50-100`: of an axis by its place, the percents of it that are kept. */
type Ranges = ReadonlyMap<number, readonly [from: number, to: number]>;

function rangesOf(brush: string): Ranges {
  return new Map(
    brush.split(",").flatMap((part) => {
      const [, axis, from, to] = /^(\d{1,2}):(\d{1,3})-(\d{1,3})$/.exec(part) ?? [];
      return axis === undefined ? [] : [[Number(axis), [Number(from), Number(to)]] as const];
    }),
  );
}

function textOf(ranges: Ranges): string {
  return [...ranges]
    .filter(([, [from, to]]) => from > 0 || to < 100)
    .map(([axis, [from, to]]) => `${axis}:${from}-${to}`)
    .join(",");
}

/** The search with those of its trials alone that lie in every brushed stretch. */
export function brushed(result: SearchResult, brush: string): SearchResult {
  const ranges = rangesOf(brush);
  if (ranges.size === 0) return result;
  const axes = axesOf(result);
  const isKept = (trial: TrialResult) =>
    [...ranges].every(([axis, [from, to]]) => {
      const share = axes[axis]?.shareOf(trial);
      // A hundredth of leeway: ends are whole percents.
      return share !== undefined && share >= (from - 1) / 100 && share <= (to + 1) / 100;
    });
  return { ...result, stages: result.stages.map((stage) => ({ ...stage, trials: stage.trials.filter(isKept) })) };
}

interface BrushesProps {
  readonly result: SearchResult;
  readonly brush: string;
  readonly change: (brush: string) => void;
}

/** Which stretch of each axis is kept: two sliders an axis, for pointer and keyboard alike. */
export function Brushes({ result, brush, change }: BrushesProps) {
  const ranges = rangesOf(brush);
  const move = (axis: number, end: 0 | 1, value: number) => {
    const [from, to] = ranges.get(axis) ?? [0, 100];
    const next = end === 0 ? [Math.min(value, to), to] : [from, Math.max(value, from)];
    change(textOf(new Map([...ranges, [axis, next as [number, number]]])));
  };
  return (
    <fieldset class="brushes">
      <legend>Show only trials from … to</legend>
      {axesOf(result).map(({ name, ticks }, axis) => {
        const range = ranges.get(axis) ?? [0, 100];
        return (
          <div key={name}>
            <span>{name}</span>
            {([0, 1] as const).map((end) => (
              <input
                key={end}
                type="range"
                min={0}
                max={100}
                value={range[end]}
                aria-label={`${name}, ${end === 0 ? "from" : "to"}`}
                aria-valuetext={`${range[end]} percent of the axis, near ${nearestTick(ticks, range[end] / 100)}`}
                onInput={({ currentTarget }) => move(axis, end, Number(currentTarget.value))}
              />
            ))}
          </div>
        );
      })}
      {ranges.size === 0 ? null : (
        <button type="button" onClick={() => change("")}>
          Show all
        </button>
      )}
    </fieldset>
  );
}

function nearestTick(ticks: BrushAxis["ticks"], share: number): string {
  const [first, ...others] = ticks;
  if (first === undefined) return "";
  return others.reduce(
    (best, tick) => (Math.abs(tick.position - share) < Math.abs(best.position - share) ? tick : best),
    first,
  ).text;
}
