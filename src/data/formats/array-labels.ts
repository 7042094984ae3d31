import { limits } from "../../files/limits.ts";
import {
  elementReader,
  isTexts,
  type NamedArrays,
  type NamedValue,
  type NumberArray,
  type TextArray,
  typeName,
} from "../../files/number-array.ts";
import { unreadable } from "../../files/unreadable.ts";
import { type Labels, labelsOf } from "./labels.ts";

/** Names under which files keep the names of their classes. */
const classNames = ["classes", "class_names", "classnames", "label_names", "labelnames", "target_names", "names"];

/**
 * The labels in an array: whole numbers or texts of shape [n], [n, 1] or [1, n], or rows (or columns) of zeros with a one.
 * Names of classes among `arrays` are theirs, where there are exactly as many as numbers from 0 or from 1.
 * @throws Fault `data` for anything else
 */
export function labelsIn(array: NumberArray | TextArray, name: string, arrays: NamedArrays, place: string): Labels {
  const { shape, at } = array;
  const isLine = shape.length === 1 || (shape.length === 2 && shape.includes(1));
  if (!isTexts(array) && shape.length === 2 && !isLine) {
    const oneHot = oneHotLabels(array);
    if (oneHot !== undefined) return withNames(oneHot, arrays);
  }
  if (!isLine) {
    const remedy = "save one number an image";
    const expected = `one label an image as "${name}", or a one among zeros`;
    throw unreadable(place, at, expected, `the shape [${shape.join(", ")}]`, remedy);
  }
  if (isTexts(array)) return labelsOf(array.texts, place, () => at);
  const position = (image: number) => at + image * Number(array.type.slice(1));
  return withNames(labelsOf(wholeNumbers(array, place, position), place, position), arrays);
}

function wholeNumbers(array: NumberArray, place: string, position: (image: number) => number): number[] {
  const read = elementReader(array);
  const count = array.shape.reduce((product, length) => product * length, 1);
  return Array.from({ length: count }, (_, image) => {
    const value = read(image);
    if (!Number.isSafeInteger(value)) {
      const actual = `${value} in an array of ${typeName(array.type)}`;
      const remedy = "save the number of the class for each image";
      throw unreadable(place, position(image), "whole numbers as labels", actual, remedy);
    }
    return value + 0; // -0 is 0
  });
}

/** Rows, or else columns, that are zeros and a single one each: its place is the label. */
function oneHotLabels(array: NumberArray): Labels | undefined {
  const [rows, columns] = array.shape;
  const [alongRow, alongColumn] = array.isColumnMajor ? [rows, 1] : [1, columns];
  const read = elementReader(array);
  return (
    onesAmongZeros(rows, columns, (row, column) => read(row * alongColumn + column * alongRow)) ??
    onesAmongZeros(columns, rows, (column, row) => read(row * alongColumn + column * alongRow))
  );
}

function onesAmongZeros(
  count: number,
  width: number,
  valueAt: (image: number, label: number) => number,
): Labels | undefined {
  if (width > limits.classes) return undefined;
  const labels = new Uint8Array(count);
  for (let image = 0; image < count; image++) {
    let ones = 0;
    for (let label = 0; label < width; label++) {
      const value = valueAt(image, label);
      if (value === 1) labels[image] = label;
      if (value === 1) ones++;
      else if (value !== 0) return undefined;
    }
    if (ones !== 1) return undefined;
  }
  return { labels, classes: Array.from({ length: width }, (_, label) => String(label)) };
}

/** Classes that are the numbers 0 to k - 1 or 1 to k have the k names that the file may hold. */
function withNames({ labels, classes }: Labels, arrays: NamedArrays): Labels {
  const first = Number(classes[0]);
  const counts = classes.every((number, index) => Number(number) === first + index) && (first === 0 || first === 1);
  const fits = ([name, value]: readonly [string, NamedValue]) =>
    classNames.includes(lastSegment(name)) &&
    isTexts(value) &&
    value.texts.length === classes.length &&
    new Set(value.texts).size === classes.length;
  const names = counts ? [...arrays].find(fits)?.[1] : undefined;
  return { labels, classes: names !== undefined && isTexts(names) ? names.texts : classes };
}

/** Of `imdb.images.data`, data; in small letters. */
export function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1).toLowerCase();
}
