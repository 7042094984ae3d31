import {
  isTexts,
  type NamedArrays,
  type NamedValue,
  type NumberArray,
  type TextArray,
} from "../../files/number-array.ts";
import { listed, shown, unreadable } from "../../files/unreadable.ts";
import { cifar10Classes, cifar10Dimension } from "../cifar10.ts";
import type { Dataset } from "../dataset.ts";
import { imagesOf } from "./array-images.ts";
import { labelsIn, lastSegment } from "./array-labels.ts";
import { layoutName } from "./array-layout.ts";
import { cifar100Classes } from "./cifar-bin.ts";
import type { Labels } from "./labels.ts";
import type { ReadingOptions } from "./reading-options.ts";

const imageNames = ["x", "images", "image", "data"];
const labelNames = ["y", "labels", "label", "fine_labels", "targets", "target", "class"];

/**
 * The images and labels among named arrays.
 * @throws Fault `data` when there are none, several, or some that do not fit
 */
export function datasetOf(arrays: NamedArrays, name: string, place: string, options: ReadingOptions): Dataset {
  const [imagesName, images] = choose(arrays, "images", place, options);
  const [labelsName, labelValues] = choose(arrays, "label", place, options);
  if (images === labelValues) {
    throw unreadable(place, images.at, "two arrays", `one, ${shown(imagesName)}`, "name another");
  }
  if (isTexts(images)) {
    const remedy = otherRemedy(arrays, "images", options);
    throw unreadable(place, images.at, `an array of numbers as ${shown(imagesName)}`, "texts", remedy);
  }
  const labelValue = labelsIn(labelValues, labelsName, arrays, place);
  const { layout, ...read } = imagesOf(images, labelValue.labels.length, options, place);
  const { labels, classes } = ofCifar(labelValue, labelsName, arrays, read.dimension);
  const reading = [`images: ${imagesName} as ${layoutName(layout)}; labels: ${labelsName}`];
  return { name, ...read, labels, classes, reading };
}

/** `train` and `test` for x_train, test_images and so on, and for groups that hold images each. */
export function partsOf(arrays: NamedArrays): string[] {
  const names = [...arrays.keys()].map((name) => name.toLowerCase());
  const parts = names.flatMap((name) => {
    const [, before, after] = name.match(partPattern) ?? [];
    return before ?? after ?? [];
  });
  const groups = names.flatMap((name) => name.match(groupPattern)?.[1] ?? []);
  return [...new Set([...parts, ...(groups.length > 1 ? groups : [])])].sort();
}

const groupPattern = new RegExp(`^([^.]+)\\.(?:${imageNames.join("|")})$`);

const partPattern = new RegExp(`^(?:(.+)_(?:${imageNames.join("|")})|(?:${imageNames.join("|")})_(.+))$`);

/** What an array is chosen for, by the name of the key that names it. */
type Purpose = "images" | "label";

function choose(
  arrays: NamedArrays,
  purpose: Purpose,
  place: string,
  options: ReadingOptions,
): [name: string, array: NumberArray | TextArray] {
  const fittingNames = wantedNames(purpose, options);
  const isWanted = (name: string) => {
    if (options[purpose] !== undefined) return fittingNames.includes(name);
    return fittingNames.includes(options.part === undefined ? lastSegment(name) : name.toLowerCase());
  };
  const candidates = [...arrays].filter(([name]) => isWanted(name));
  const what = purpose === "images" ? "images" : "labels";
  if (candidates.length === 0) {
    const expected = `${what} by the name ${fittingNames.slice(0, 4).map(shown).join(" or ")}`;
    throw unreadable(place, 0, expected, listed(arrays.keys()), absentRemedy(arrays, purpose, place, options));
  }
  if (candidates.length > 1) {
    const names = candidates.map(([name]) => name);
    throw unreadable(place, 0, `one array of ${what}`, listed(names), `name one: ${keyFor(purpose, names[0])}`);
  }
  const [[name, value]] = candidates;
  if (typeof value === "string") {
    const expected = `an array of numbers as ${shown(name)}`;
    throw unreadable(place, 0, expected, value, otherRemedy(arrays, purpose, options));
  }
  return [name, value];
}

function wantedNames(purpose: Purpose, options: ReadingOptions): readonly string[] {
  const optionName = options[purpose];
  if (optionName !== undefined) return [optionName];
  const usual = purpose === "images" ? imageNames : labelNames;
  const part = options.part?.toLowerCase();
  return part === undefined
    ? usual
    : usual.flatMap((name) => [`${name}_${part}`, `${part}_${name}`, `${part}.${name}`]);
}

/** How to name an array, on the command line and in a spec. */
function keyFor(purpose: Purpose, name: string): string {
  return `--${purpose} ${name}, in a spec data.dataset.${purpose}: ${name}`;
}

function absentRemedy(arrays: NamedArrays, purpose: Purpose, place: string, options: ReadingOptions): string {
  const parts = partsOf(arrays);
  return parts.length > 0 && options.part === undefined && options[purpose] === undefined
    ? `name the part: ${parts.map((name) => `${place}#${name}`).join(" or ")}`
    : otherRemedy(arrays, purpose, options);
}

/** The array that looks most like what is sought, to be named. */
function otherRemedy(arrays: NamedArrays, purpose: Purpose, options: ReadingOptions): string {
  const otherName = options[purpose === "images" ? "label" : "images"];
  const sizes = [...arrays].flatMap(([name, value]) => (name === otherName ? [] : likeness(name, value, purpose)));
  const [best] = sizes.sort((a, b) => b.size - a.size);
  return best === undefined
    ? `save the ${purpose === "images" ? "images" : "labels"} as an array of numbers in it`
    : `name the array: ${keyFor(purpose, best.name)}`;
}

/** Images are the largest array with several axes, labels the largest line of numbers or texts. */
function likeness(name: string, value: NamedValue, purpose: Purpose): { name: string; size: number }[] {
  if (typeof value === "string") return [];
  const isLine = value.shape.filter((length) => length !== 1).length < 2;
  if (isLine !== (purpose === "label") || (isTexts(value) && purpose === "images")) return [];
  return [{ name, size: value.shape.reduce((product, length) => product * length, 1) }];
}

/** The classes with their names, where the file is one of CIFAR's own: these have `batch_label`, or `fine_labels`. */
function ofCifar(labelling: Labels, labelsName: string, arrays: NamedArrays, dimension: number): Labels {
  const known =
    dimension !== cifar10Dimension
      ? undefined
      : labelsName === "fine_labels"
        ? cifar100Classes
        : labelsName === "labels" && arrays.has("batch_label")
          ? cifar10Classes
          : undefined;
  const isLabel = (name: string) => Number.isInteger(Number(name)) && Number(name) >= 0;
  if (known === undefined || !labelling.classes.every((name) => isLabel(name) && Number(name) < known.length))
    return labelling;
  return { labels: labelling.labels.map((label) => Number(labelling.classes[label])), classes: known };
}
