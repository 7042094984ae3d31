import { scaleLinear, scaleLog } from "d3-scale";
import { largestOf } from "../math/extremes.ts";

export interface Tick {
  readonly position: number;
  readonly text: string;
}

/** Where values go in the picture, and what is written beside them. */
export interface Axis {
  readonly place: (value: number) => number;
  readonly ticks: readonly Tick[];
}

/** A stretch of update steps. */
export interface StepWindow {
  readonly from: number;
  readonly to: number;
}

/** What lies in a window; all where there is none. */
export function within<T extends { readonly step: number }>(rows: readonly T[], window?: StepWindow): readonly T[] {
  return window === undefined ? rows : rows.filter(({ step }) => step >= window.from && step <= window.to);
}

/** Update steps of a window, else from 0 to the last, over the pixels from `left` to `right`; whole numbers only. */
export function stepAxis(steps: readonly number[], left: number, right: number, window?: StepWindow): Axis {
  const last = steps.reduce((most, step) => Math.max(most, step), 1);
  const { from, to } = window ?? { from: 0, to: last };
  const scale = scaleLinear([from, to], [left, right]);
  const count = Math.max(2, Math.min(10, (right - left) / 75));
  return {
    place: scale,
    ticks: labelled(scale.ticks(count).filter(Number.isInteger), scale, scale.tickFormat(count, ",d")),
  };
}

/** The same by the logarithm of 1 + step, so that step 0 has its place. */
export function logarithmicStepAxis(steps: readonly number[], left: number, right: number, window?: StepWindow): Axis {
  const last = steps.reduce((most, step) => Math.max(most, step), 1);
  const { from, to } = window ?? { from: 0, to: last };
  const scale = scaleLinear([Math.log1p(from), Math.log1p(to)], [left, right]);
  const place = (step: number) => scale(Math.log1p(step));
  const decades = [0, ...Array.from({ length: 16 }, (_, power) => 10 ** power)];
  const ticks = decades.filter((step) => step >= from && step <= to && (step !== 1 || right - left > 300));
  return { place, ticks: labelled(ticks, place, (step) => step.toLocaleString("en-US")) };
}

/** A linear axis around the finite values, to round numbers, from the pixel `bottom` up to `top`; no ticks without values. */
export function linearAxis(values: readonly number[], bottom: number, top: number, ticks: number): Axis {
  const finite = values.filter(Number.isFinite);
  const scale = scaleLinear(extent(finite), [bottom, top]).nice(ticks);
  const { at, text } = linearTicks(scale.domain(), ticks);
  return { place: scale, ticks: finite.length === 0 ? [] : labelled(at, scale, text) };
}

/** Smaller numbers are too few to divide an axis by. */
const least = 1e-300;

/** A logarithmic axis around the positive values; `undefined` when a finite value is not positive. */
export function logarithmicAxis(values: readonly number[], bottom: number, top: number): Axis | undefined {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0 || finite.some((value) => value < least)) return undefined;
  const [low, high] = extent(finite);
  const scale = scaleLog([low, high], [bottom, top]);
  const decades = Math.log10(high / low);
  const pattern = decades > 3 ? /^1e/ : /^[125]e/;
  const round = scale.ticks(6).filter((value) => pattern.test(value.toExponential()));
  if (round.length >= 3) return { place: scale, ticks: labelled(round, scale, powerText(round)) };
  const even = linearTicks([low, high], 6);
  return { place: scale, ticks: labelled(even.at, scale, even.text) };
}

/** Evenly spaced round numbers, and how they are written: with as many decimals as they need, or as powers of ten. */
function linearTicks(domain: readonly number[], count: number) {
  const scale = scaleLinear(domain, [0, 1]);
  const at = scale.ticks(count);
  const plain = largestOf(at.map(Math.abs)) < 1e6 && Math.abs(at[1] - at[0]) >= 1e-4;
  return { at, text: plain ? scale.tickFormat(count) : powerText(at) };
}

/** Smallest and largest; a lone value gets room around it, values that are never negative none below zero. */
function extent(values: readonly number[]): [number, number] {
  const low = values.reduce((lowest, value) => Math.min(lowest, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (low > high) return [0, 1];
  if (high - low >= least) return [low, high];
  const room = Math.abs(low) >= 10 * least ? Math.abs(low) / 10 : 1;
  return [low >= 0 ? Math.max(0, low - room) : low - room, Math.min(Number.MAX_VALUE, high + room)];
}

function labelled(values: readonly number[], place: Axis["place"], text: (value: number) => string): readonly Tick[] {
  return values.map((value) => ({ position: place(value), text: text(value) }));
}

/** `0.5`, `20`; where one of them needs a power of ten, all have one: `1e-5`, `1e-1`, `1e0`. */
function powerText(values: readonly number[]): (value: number) => string {
  const isPlain = (value: number) => value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4);
  const plain = values.every(isPlain);
  return (value) => {
    const short = Number(value.toPrecision(6));
    return plain || value === 0 ? String(short) : short.toExponential().replace("e+", "e");
  };
}
