import { largestOf, smallestOf } from "../math/extremes.ts";
import { type Axis, logarithmicAxis, type Tick } from "./axis.ts";
import { textWidth } from "./figure-style.ts";

/** A logarithmic axis that may begin with 0, which has no logarithm. */
export interface LambdaAxis extends Axis {
  /** Pixel at which the axis is interrupted, between 0 and the smallest positive value. */
  readonly gap?: number;
}

// Pixels: from the panel's edges to the outermost values, and from 0 to the smallest positive one.
const margin = 18;
const afterZero = 48;

/** Lambdas over the pixels from `left` to `right`; those of 0 at the left edge. */
export function lambdaAxis(lambdas: readonly number[], left: number, right: number): LambdaAxis {
  const wrong = lambdas.find((lambda) => !Number.isFinite(lambda) || lambda < 0);
  if (wrong !== undefined) throw new RangeError(`a lambda of ${wrong} has no place on an axis: it must be 0 or more`);
  const positive = lambdas.filter((lambda) => lambda > 0);
  const zero = left + margin;
  if (positive.length === lambdas.length) return positiveAxis(positive, zero, right - margin);
  const axis = positiveAxis(positive, zero + afterZero, right - margin);
  return {
    place: (lambda) => (lambda === 0 ? zero : axis.place(lambda)),
    ticks: [{ position: zero, text: "0" }, ...axis.ticks],
    ...(positive.length === 0 ? {} : { gap: zero + afterZero / 2 }),
  };
}

function positiveAxis(lambdas: readonly number[], left: number, right: number): Axis {
  const [least, most] = [smallestOf(lambdas), largestOf(lambdas)];
  const values = least < most ? lambdas : lambdas.flatMap((lambda) => [lambda / 3, lambda * 3]);
  const axis = logarithmicAxis(values, left, right);
  return axis === undefined ? { place: () => left, ticks: [] } : { place: axis.place, ticks: spaced(axis.ticks) };
}

/** Powers of ten alone where there are three or more; as many ticks as their numbers have room for. */
function spaced(ticks: readonly Tick[]): readonly Tick[] {
  const powers = ticks.filter(({ text }) => Number(text).toExponential().startsWith("1e"));
  let kept = powers.length >= 3 ? powers : ticks;
  while (!haveRoom(kept)) kept = kept.filter((_, index) => index % 2 === 0);
  return kept;
}

function haveRoom(ticks: readonly Tick[]): boolean {
  return ticks.every(({ position, text }, index) => {
    const next = ticks[index + 1];
    return next === undefined || next.position - position >= (textWidth(text) + textWidth(next.text)) / 2 + 6;
  });
}
