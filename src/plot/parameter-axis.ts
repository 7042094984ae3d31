import { scaleLinear } from "d3-scale";
import { type Axis, linearAxis } from "./axis.ts";
import { textWidth } from "./figure-style.ts";
import { lambdaAxis } from "./lambda-axis.ts";
import { numberText } from "./number-text.ts";
import type { SearchParameter, SearchPoint } from "./search-points.ts";

/** Where the values of a parameter go, each at its true place on the parameter's own scale. */
export interface ParameterAxis {
  readonly ticks: Axis["ticks"];
  /** Undefined for a point that has no value. */
  readonly placeOf: (point: SearchPoint) => number | undefined;
}

/** Pixels from the axis's ends to the outermost values. */
const margin = 18;

/** The parameter with this index, over the pixels from `from` to `to`. */
export function parameterAxis(
  { scale }: SearchParameter,
  index: number,
  points: readonly SearchPoint[],
  from: number,
  to: number,
): ParameterAxis {
  const values = points.flatMap(({ values: all }) => all[index] ?? []);
  if (scale !== "choice" && values.every((value) => typeof value === "number")) {
    const numbers = values.filter((value) => typeof value === "number");
    const axis =
      scale === "log" && numbers.length > 0 && numbers.every((value) => value >= 0)
        ? logAxis(numbers, from, to)
        : linearAxis(numbers, from + Math.sign(to - from) * margin, to - Math.sign(to - from) * margin, 5);
    return { ticks: axis.ticks, placeOf: (point) => placed(point.values[index], axis.place) };
  }
  const names = [...new Set(values.map(String))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const step = (to - from) / Math.max(1, names.length);
  const place = (name: string) => from + (names.indexOf(name) + 0.5) * step;
  const room = Math.abs(step) / 7;
  return {
    ticks: names.map((name) => ({
      position: place(name),
      text: name.length > room ? `${name.slice(0, Math.max(3, room))}…` : name,
    })),
    placeOf: (point) => (point.values[index] === undefined ? undefined : place(String(point.values[index]))),
  };
}

function placed(value: number | string | undefined, place: (value: number) => number): number | undefined {
  return typeof value === "number" ? place(value) : undefined;
}

/** The axis of `lambda-axis.ts`, which knows 0; upwards it is laid out from left to right and turned. */
function logAxis(values: readonly number[], from: number, to: number): Axis {
  const length = Math.abs(to - from);
  const axis = lambdaAxis(values, 0, length);
  const turned = scaleLinear([0, length], [from, to]);
  return {
    place: (value) => turned(axis.place(value)),
    ticks: axis.ticks.map(({ position, text }) => ({ position: turned(position), text })),
  };
}

/** A parameter's value as text: `0.001`, `[50]`. */
export function valueText(value: number | string | undefined): string {
  return typeof value === "number" ? numberText(value, "rate") : (value ?? "–");
}

/** Pixels of the longest text of the ticks. */
export function ticksWidth({ ticks }: { readonly ticks: Axis["ticks"] }): number {
  return ticks.reduce((most, { text }) => Math.max(most, textWidth(text)), 0);
}
