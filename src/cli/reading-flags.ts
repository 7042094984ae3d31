import { Fault } from "../fault/fault.ts";
import type { PictureSize } from "../files/picture.ts";
import { isLayout, layoutRemedy } from "../record/image-layout.ts";

/** How a data file is to be read: the keys of a spec's `data.dataset` as flags. */
export interface ReadingFlags {
  readonly label?: string;
  readonly images?: string;
  readonly layout?: string;
  readonly range?: readonly [from: number, to: number];
  readonly resize?: PictureSize;
}

/** The axes of an array, one letter each. */
export function layoutFlag(text: string): string {
  if (isLayout(text)) return text;
  throw new Fault("usage", "--layout", `"${text}" names no axes`, layoutRemedy);
}

/** Two numbers, the smaller first: `0,1`. */
export function rangeFlag(text: string): readonly [from: number, to: number] {
  const [from, to, ...more] = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (more.length === 0 && Number.isFinite(from) && Number.isFinite(to) && from < to) return [from, to];
  throw new Fault("usage", "--range", `"${text}" is no range`, "give two numbers, the smaller first, as --range 0,1");
}

/** A height and a width: `32,32`. */
export function resizeFlag(text: string): PictureSize {
  const [height, width, ...more] = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const isSide = (side: number) => Number.isInteger(side) && side >= 1 && side <= 1024;
  if (more.length === 0 && isSide(height) && isSide(width)) return [height, width];
  throw new Fault(
    "usage",
    "--resize",
    `"${text}" is no size`,
    "give height and width from 1 to 1024, as --resize 32,32",
  );
}
