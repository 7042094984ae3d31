import { Fault } from "../fault/fault.ts";

// Readers of the values of flags, each made for the flag that its errors name.

/** A whole number from `least` to `most`. */
export function wholeNumber(flag: string, least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const limit = most === Number.MAX_SAFE_INTEGER ? "" : ` to ${most}`;
  return number(flag, `a whole number from ${least}${limit}`, (value) => {
    return Number.isSafeInteger(value) && value >= least && value <= most;
  });
}

/** A number above 0 and below 1. */
export function fraction(flag: string): (text: string) => number {
  return number(flag, "a number above 0 and below 1", (value) => value > 0 && value < 1);
}

/** A finite number above 0. */
export function positive(flag: string): (text: string) => number {
  return number(flag, "a number above 0", (value) => Number.isFinite(value) && value > 0);
}

/** A finite number of at least 0. */
export function penalty(flag: string): (text: string) => number {
  return number(flag, "a number of at least 0", (value) => Number.isFinite(value) && value >= 0);
}

/** What `read` reads, comma-separated. */
export function commaSeparated<T>(read: (text: string) => T): (text: string) => T[] {
  return (text) => text.split(",").map((part) => read(part));
}

/** Whole numbers from 0 as `1..5` or `1,3,7`, each once; of a range at most `most`, since more are a slip of the hand. */
export function numberList(flag: string, what: string, most = 1000): (text: string) => number[] {
  const whole = wholeNumber(flag, 0);
  return (text) => {
    const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(text.trim()) ?? [];
    if (first === undefined) return [...new Set(commaSeparated(whole)(text))];
    const [from, to] = [whole(first), whole(last)];
    if (to >= from && to - from < most) return Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const complaint = to < from ? `"${text}" runs backwards` : `"${text}" are more than ${most} ${what}`;
    throw new Fault("usage", flag, complaint, `write it like ${flag} 1..5`);
  };
}

/** Appends the value of a flag that may be given again and again. */
export function collected(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}

function number(flag: string, expected: string, fits: (value: number) => boolean): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!fits(value)) throw new Fault("usage", flag, `"${text}" is not ${expected}`, `give ${flag} ${expected}`);
    return value;
  };
}
