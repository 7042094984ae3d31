import type { NamedArrays } from "../../files/number-array.ts";
import { takeAgain, unreadable } from "../../files/unreadable.ts";
import type { Dataset } from "../dataset.ts";
import { datasetOf } from "./array-dataset.ts";
import { idxLabelsNames } from "./idx.ts";
import type { Contents } from "./open-file.ts";
import type { ReadingOptions } from "./reading-options.ts";

/** Another file that belongs to one, as the labels of idx do. */
export interface Beside {
  readonly file: string;
  readonly contents: Contents;
}

/** A file whose bytes were read. */
export interface OpenedFile {
  /** As a spec names it, its part behind a #. */
  readonly place: string;
  readonly file: string;
  /** Opens the labels that lie beside it; undefined where there are none. */
  readonly beside: () => Promise<Beside | undefined>;
}

/** Refuses options that are about something else than what this file is. */
export function requireNoMore(file: string, options: ReadingOptions, known: readonly string[], actual: string): void {
  const stranger = Object.entries(options).find(([key, value]) => value !== undefined && !known.includes(key));
  if (stranger === undefined) return;
  const [key, value] = stranger;
  const expected = key === "part" ? `a file with a part ${JSON.stringify(value)}` : `what ${key} ${value} is about`;
  const remedy = key === "part" ? "name the file alone" : `leave out the key ${key}`;
  throw unreadable(file, 0, expected, actual, remedy);
}

/** The images and labels in a file. @throws Fault `data` where it has none, or options are about something else */
export async function datasetIn(contents: Contents, opened: OpenedFile, options: ReadingOptions): Promise<Dataset> {
  const { place, file } = opened;
  if ("dataset" in contents) {
    requireNoMore(file, options, contents.format.startsWith("CSV") ? ["label", "range"] : [], contents.format);
    return { ...contents.dataset(options), name: place };
  }
  requireNoMore(file, options, ["part", "label", "images", "layout", "range"], contents.format);
  const arrays = contents.format.startsWith("idx") ? await withLabels(contents.arrays, opened) : contents.arrays;
  if (contents.format.startsWith("NumPy .npy")) {
    const remedy = "save images and labels together: numpy.savez(file, x=images, y=labels)";
    throw unreadable(file, 0, "images and labels", "one array, and no labels", remedy);
  }
  return datasetOf(arrays, place, file, options);
}

/** The images of an idx file, and the labels from the file beside it. */
async function withLabels(arrays: NamedArrays, { file, beside }: OpenedFile): Promise<NamedArrays> {
  if (arrays.has("labels")) throw unreadable(file, 0, "images", "labels", "name the file of the images");
  const labels = await beside();
  if (labels === undefined) {
    const names = idxLabelsNames(file.replace(/^.*[\\/]/, "")).join(" or ") || "labels, as its name has no word images";
    const remedy = "put the labels beside the images, under the names in which they are published";
    throw unreadable(file, 0, `a file beside it called ${names}`, "none", remedy);
  }
  const { contents } = labels;
  const array = "arrays" in contents ? contents.arrays.get("labels") : undefined;
  if (array === undefined) throw unreadable(labels.file, 0, "an idx file of labels", contents.format, takeAgain);
  return new Map([...arrays, ["labels", array]]);
}
