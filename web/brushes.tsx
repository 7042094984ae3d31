import { useRef } from "preact/hooks";
import type { SearchResult } from "../src/search/search-result.ts";
import { axesOf, type BrushAxis, type Range, rangesOf, textOf } from "./brush.ts";

interface BrushesProps {
  readonly result: SearchResult;
  readonly brush: string;
  readonly change: (brush: string) => void;
}

/** Which stretch of each axis is kept: two sliders an axis, for the keyboard and for whoever wants to be exact. */
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

interface AxisStripsProps {
  /** The figure, whose axes say where they stand. */
  readonly svg: string;
  readonly brush: string;
  readonly change: (brush: string) => void;
}

/** Strips over the axes of the figure: what is dragged over is kept, and moved; a click lets all pass. The sliders say and do the same. */
export function AxisStrips({ svg, brush, change }: AxisStripsProps) {
  const [, width, tall] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  const ranges = rangesOf(brush);
  return (
    <div class="strips" aria-hidden="true">
      {[...svg.matchAll(/class="axis" d="M([\d.]+),([\d.]+)V([\d.]+)"/g)].map(([, x, top, bottom], axis) => (
        <AxisStrip
          key={axis}
          range={ranges.get(axis)}
          style={{
            left: share(Number(x) / Number(width)),
            top: share(Number(top) / Number(tall)),
            height: share((Number(bottom) - Number(top)) / Number(tall)),
          }}
          change={(range) => {
            const others = [...ranges].filter(([each]) => each !== axis);
            change(textOf(new Map(range === undefined ? others : [...others, [axis, range]])));
          }}
        />
      ))}
    </div>
  );
}

interface AxisStripProps {
  readonly range: Range | undefined;
  readonly style: Readonly<Record<string, string>>;
  readonly change: (range: Range | undefined) => void;
}

function AxisStrip({ range, style, change }: AxisStripProps) {
  /** Where it was taken hold of, in percent, and the stretch that is moved; without one a new one is drawn. */
  const held = useRef<{ readonly at: number; readonly range: Range | undefined } | undefined>(undefined);
  const percentAt = ({ clientY, currentTarget }: PointerEvent) => {
    const { top, height } = (currentTarget as HTMLElement).getBoundingClientRect();
    return Math.max(0, Math.min(100, Math.round(100 - (100 * (clientY - top)) / height)));
  };
  return (
    <div
      class="strip"
      style={style}
      onPointerDown={(event) => {
        const at = percentAt(event);
        (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
        held.current = { at, range: range !== undefined && at >= range[0] && at <= range[1] ? range : undefined };
      }}
      onPointerMove={(event) => {
        if (held.current === undefined) return;
        const { at, range: moved } = held.current;
        const now = percentAt(event);
        if (moved === undefined) return change([Math.min(at, now), Math.max(at, now)]);
        const by = Math.max(-moved[0], Math.min(100 - moved[1], now - at));
        change([moved[0] + by, moved[1] + by]);
      }}
      onPointerUp={(event) => {
        if (held.current !== undefined && Math.abs(percentAt(event) - held.current.at) < 2) change(undefined);
        held.current = undefined;
      }}
      onPointerCancel={() => {
        held.current = undefined;
      }}
    >
      {range === undefined ? null : (
        <div class="kept" style={{ top: share(1 - range[1] / 100), height: share((range[1] - range[0]) / 100) }} />
      )}
    </div>
  );
}

function share(part: number): string {
  return `${(100 * part).toFixed(2)}%`;
}

function nearestTick(ticks: BrushAxis["ticks"], share: number): string {
  const [first, ...others] = ticks;
  if (first === undefined) return "";
  return others.reduce(
    (best, tick) => (Math.abs(tick.position - share) < Math.abs(best.position - share) ? tick : best),
    first,
  ).text;
}
