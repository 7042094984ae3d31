import { type NumberArray, stridesOf } from "../../files/number-array.ts";
import { unreadable } from "../../files/unreadable.ts";

/** One axis of what is read: how many, and elements from one to the next. */
export type Axis = readonly [length: number, stride: number];

/** How the images lie in an array. */
export interface Layout {
  /** The array's axes, one letter each: `nd`, `hwcn`, ... */
  readonly letters: string;
  /** Of the images, the colours, the rows and the columns. */
  readonly axes: readonly [n: Axis, c: Axis, h: Axis, w: Axis];
}

/** By number of axes: NumPy's and then MATLAB's. */
const usual: Readonly<Record<number, readonly string[]>> = {
  2: ["nd", "dn"],
  3: ["nhw", "hwn"],
  4: ["nchw", "nhwc", "hwcn"],
};

/**
 * The one layout in which an array has `count` images of one or three colours, or the one that is asked for.
 * @throws Fault `data` where none fits, or several do that differ
 */
export function layoutOf(array: NumberArray, count: number, layoutOption: string | undefined, place: string): Layout {
  const { shape } = array;
  const letters = layoutOption === undefined ? (usual[shape.length] ?? []) : [layoutOption];
  const fitting = letters.filter((candidate) => fits(candidate, shape, count));
  const actual = `the shape [${shape.join(", ")}] for ${count} labels`;
  if (fitting.length === 0) {
    const expected =
      layoutOption === undefined ? "[n, d], [n, h, w], [n, c, h, w] or [n, h, w, c]" : layoutName(layoutOption);
    const remedy =
      "transpose the images (a reshape would scramble them), for example to [n, d], or name the right labels";
    throw unreadable(place, array.at, `${expected} with c 1 or 3, n the number of labels`, actual, remedy);
  }
  if (fitting.length > 1 && !(shape[1] === 1 && shape[3] === 1)) {
    const remedy = `say which: data.dataset.layout: ${fitting.join(" or ")}, or --layout`;
    throw unreadable(place, array.at, `one layout, not ${fitting.map(layoutName).join(" and ")}`, actual, remedy);
  }
  return { letters: fitting[0], axes: axesOf(array, fitting[0]) };
}

/** `[h, w, c, n]` */
export function layoutName(letters: string): string {
  return `[${[...letters].join(", ")}]`;
}

function fits(letters: string, shape: readonly number[], count: number): boolean {
  const length = (letter: string) => shape[letters.indexOf(letter)];
  const colours = letters.includes("c") ? length("c") : 1;
  return letters.length === shape.length && length("n") === count && (colours === 1 || colours === 3);
}

function axesOf(array: NumberArray, letters: string): Layout["axes"] {
  const strides = stridesOf(array);
  const axis = (letter: string): Axis => {
    const index = letters.indexOf(letter);
    return index < 0 ? [1, 0] : [array.shape[index], strides[index]];
  };
  return [axis("n"), axis("c"), axis("h"), letters.includes("d") ? axis("d") : axis("w")];
}
