import { elementReader, type NamedArrays, type NumberArray, typeName } from "../../files/number-array.ts";
import { listed, shown, unreadable } from "../../files/unreadable.ts";
import { cifar10Classes, cifar10Dimension } from "../cifar10.ts";
import type { Dataset } from "../dataset.ts";
import { imagesOf } from "./array-images.ts";
import { cifar100Classes } from "./cifar-bin.ts";
import { type Labels, labelsOf } from "./labels.ts";

export interface ArrayOptions {
  /** Which part of a file that holds several: `train` takes x_train and y_train. */
  readonly part?: string | undefined;
  /** The name of the labels, when it is none of the usual. */
  readonly label?: string | undefined;
}

const imageNames = ["x", "images", "image", "data"];
const labelNames = ["y", "labels", "label", "fine_labels", "targets", "target", "class"];

/**
 * The images and labels among named arrays.
 * @throws Fault `data` when there are none, several, or some that do not fit
 */
export function datasetOf(arrays: NamedArrays, name: string, place: string, options: ArrayOptions): Dataset {
  const [imagesName, images] = choose(arrays, imageNames, undefined, "images", place, options);
  const [labelsName, labels] = choose(arrays, labelNames, options.label, "labels", place, options);
  const values = wholeNumbers(labels, labelsName, place);
  const read = imagesOf(images, values.length, place);
  const { classes, labels: indices } = named(values, labels, labelsName, arrays, read.dimension, place);
  if (images === labels) throw unreadable(place, images.at, "two arrays", `one, ${shown(imagesName)}`, "name another");
  return { name, ...read, labels: indices, classes };
}

/** `train` and `test` for x_train, test_images and so on. */
export function partsOf(arrays: NamedArrays): string[] {
  const parts = [...arrays.keys()].flatMap((name) => {
    const [, before, after] = name.toLowerCase().match(partPattern) ?? [];
    return before ?? after ?? [];
  });
  return [...new Set(parts)].sort();
}

const partPattern = new RegExp(`^(?:(.+)_(?:${imageNames.join("|")})|(?:${imageNames.join("|")})_(.+))$`);

function choose(
  arrays: NamedArrays,
  usual: readonly string[],
  given: string | undefined,
  what: string,
  place: string,
  { part }: ArrayOptions,
): [name: string, array: NumberArray] {
  const wanted =
    given !== undefined
      ? [given]
      : part === undefined
        ? usual
        : usual.flatMap((name) => [`${name}_${part}`.toLowerCase(), `${part}_${name}`.toLowerCase()]);
  const found = [...arrays].filter(([name]) => wanted.includes(given === undefined ? name.toLowerCase() : name));
  const parts = partsOf(arrays);
  const names = wanted.slice(0, 4).map(shown).join(" or ");
  if (found.length === 0) {
    const remedy =
      parts.length > 0 && part === undefined
        ? `name the part: ${parts.map((name) => `${place}#${name}`).join(" or ")}`
        : `save the ${what} under the name ${wanted[0]}`;
    throw unreadable(place, 0, `${what} by the name ${names}`, listed(arrays.keys()), remedy);
  }
  if (found.length > 1) {
    const remedy = "keep one of them, or name the labels with the key label";
    throw unreadable(place, 0, `one array of ${what}`, listed(found.map(([name]) => name)), remedy);
  }
  const [name, array] = found[0];
  if (typeof array === "string") {
    throw unreadable(place, 0, `an array of numbers as ${shown(name)}`, array, "save the numbers as an array");
  }
  return [name, array];
}

/** Labels as numbers: of shape [n], [n, 1] or [1, n], each a whole number. */
function wholeNumbers(array: NumberArray, name: string, place: string): number[] {
  const { shape, type, at } = array;
  const count = shape.reduce((product, length) => product * length, 1);
  if (shape.length === 0 || shape.length > 2 || (shape.length === 2 && !shape.includes(1))) {
    const remedy = "save one number an image; of one-hot rows, the argmax";
    throw unreadable(place, at, `one label an image as ${shown(name)}`, `the shape [${shape.join(", ")}]`, remedy);
  }
  const read = elementReader(array);
  const values = new Array<number>(count);
  for (let image = 0; image < count; image++) {
    const value = read(image);
    if (!Number.isSafeInteger(value)) {
      const found = `${value} in an array of ${typeName(type)}`;
      const remedy = "save the number of the class for each image";
      throw unreadable(place, at + image * Number(type.slice(1)), "whole numbers as labels", found, remedy);
    }
    values[image] = value + 0; // -0 is 0
  }
  return values;
}

/** The classes with their names, where the file is one of CIFAR's own: these have `batch_label`, or `fine_labels`. */
function named(
  values: readonly number[],
  array: NumberArray,
  labelsName: string,
  arrays: NamedArrays,
  dimension: number,
  place: string,
): Labels {
  const own =
    dimension !== cifar10Dimension
      ? undefined
      : labelsName === "fine_labels"
        ? cifar100Classes
        : labelsName === "labels" && arrays.has("batch_label")
          ? cifar10Classes
          : undefined;
  if (own !== undefined && values.every((value) => value >= 0 && value < own.length)) {
    return { labels: Uint8Array.from(values), classes: own };
  }
  return labelsOf(values, place, (image) => array.at + image * Number(array.type.slice(1)));
}
