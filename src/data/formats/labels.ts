import { limits } from "../../files/limits.ts";
import { unreadable } from "../../files/unreadable.ts";

export interface Labels {
  /** [count], indices into `classes` */
  readonly labels: Uint8Array;
  readonly classes: readonly string[];
}

/**
 * Labels from the values that stand for them: the classes are the distinct ones, whole numbers by size, anything else by
 * name. `position` says where an image's label lies.
 * @throws Fault `data` for more classes than a byte can number
 */
export function labelsOf(
  values: ArrayLike<number | string>,
  place: string,
  position: (image: number) => number,
): Labels {
  const numbers = new Map<number | string, number>();
  const order = new Uint8Array(values.length);
  for (let image = 0; image < values.length; image++) {
    const value = values[image];
    let number = numbers.get(value);
    if (number === undefined) {
      number = numbers.size;
      if (number === limits.classes) {
        const remedy = "check which column or array holds the labels, and merge rare classes";
        throw unreadable(place, position(image), `at most ${limits.classes} different labels`, "one more", remedy);
      }
      numbers.set(value, number);
    }
    order[image] = number;
  }
  const distinct = [...numbers.keys()];
  const isNumeric = distinct.every((value) => typeof value === "number");
  const classes = distinct.map(String);
  const sorted = isNumeric ? (distinct as number[]).toSorted((a, b) => a - b).map(String) : classes.toSorted(byName);
  const places = Uint8Array.from(classes, (name) => sorted.indexOf(name));
  return { labels: order.map((number) => places[number]), classes: sorted };
}

/** By code unit, whatever the system's language. */
function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
