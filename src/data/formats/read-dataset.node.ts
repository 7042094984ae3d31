import { stat } from "node:fs/promises";
import path from "node:path";
import { Fault } from "../../fault/fault.ts";
import { limits } from "../../files/limits.ts";
import { type NamedArrays, typeName } from "../../files/number-array.ts";
import { readWhole, withPlace } from "../../files/read-whole.node.ts";
import { takeAgain, unreadable } from "../../files/unreadable.ts";
import { classCounts, type Dataset } from "../dataset.ts";
import { type ArrayOptions, datasetOf, partsOf } from "./array-dataset.ts";
import { idxLabelsNames } from "./idx.ts";
import { type Contents, openFile } from "./open-file.node.ts";
import { listPictures, partFolder, readPictureFolder } from "./picture-folder.node.ts";

/** Where a dataset lies: a file or folder, and the part of it that `#train` behind the name asks for. */
export interface Location {
  readonly file: string;
  readonly isFolder: boolean;
  readonly part?: string | undefined;
}

/** @throws Fault `data` for a path that leads nowhere */
export async function locate(place: string): Promise<Location> {
  const [, before, part] = place.match(/^(.+)#([^#/\\]+)$/) ?? [];
  // A file may have a # in its own name.
  const whole = await statOf(place);
  const found = whole ?? (before === undefined ? undefined : await statOf(before));
  if (found === undefined || !(found.isFile() || found.isDirectory())) {
    const what = found === undefined ? "no such file or folder" : "neither a file nor a folder";
    throw new Fault("data", place, what, "give the path of a data file, from the working directory");
  }
  return { file: whole === undefined ? before : place, isFolder: found.isDirectory(), part: whole ? undefined : part };
}

/**
 * The images and labels of a file or folder that people have: CIFAR's .bin, pickle or .mat, idx, .npz, CSV, PNGs by class.
 * `path#train` takes a part: the arrays x_train and y_train, or the folder `train`.
 * `label` names the column or array of the labels.
 * @throws Fault `data` with the file, the byte, what was expected and found, and the remedy
 */
export async function readDataset(place: string, options: { readonly label?: string } = {}): Promise<Dataset> {
  const { file, isFolder, part } = await locate(place);
  if (isFolder) return await folderIn(file, place, { part, ...options });
  const contents = await open(file);
  return await datasetIn(contents, place, file, { part, ...options });
}

async function folderIn(folder: string, place: string, { part, label }: ArrayOptions): Promise<Dataset> {
  if (label !== undefined) throw unlabelled(folder, label, "a folder, whose folders are the classes");
  return await readPictureFolder(part === undefined ? folder : await partFolder(folder, part), place);
}

function unlabelled(file: string, label: string, found: string): Fault {
  return unreadable(file, 0, `a column or array ${JSON.stringify(label)}`, found, "leave out the key label");
}

async function datasetIn(contents: Contents, place: string, file: string, options: ArrayOptions): Promise<Dataset> {
  if ("dataset" in contents) {
    if (options.part !== undefined) {
      throw unreadable(
        file,
        0,
        `a file with a part ${JSON.stringify(options.part)}`,
        contents.format,
        "name the file alone",
      );
    }
    if (options.label !== undefined && contents.format !== "CSV" && contents.format !== "CSV, gzip") {
      throw unlabelled(file, options.label, contents.format);
    }
    const dataset = contents.dataset(options.label);
    return { ...dataset, name: place };
  }
  const arrays = contents.format.startsWith("idx") ? await withLabels(contents.arrays, file) : contents.arrays;
  if (contents.format.startsWith("NumPy .npy")) {
    const remedy = "save images and labels together: numpy.savez(file, x=images, y=labels)";
    throw unreadable(file, 0, "images and labels", "one array, and no labels", remedy);
  }
  return datasetOf(arrays, place, file, options);
}

/** The images of an idx file, and the labels from the file beside it. */
async function withLabels(arrays: NamedArrays, file: string): Promise<NamedArrays> {
  if (arrays.has("labels")) throw unreadable(file, 0, "images", "labels", "name the file of the images");
  const labels = await idxLabelsFile(file);
  if (labels === undefined) {
    const names = idxLabelsNames(path.basename(file)).join(" or ") || "labels, as its name has no word images";
    const remedy = "put the labels beside the images, under the names in which they are published";
    throw unreadable(file, 0, `a file beside it called ${names}`, "none", remedy);
  }
  const contents = await open(labels);
  const array = "arrays" in contents ? contents.arrays.get("labels") : undefined;
  if (array === undefined) throw unreadable(labels, 0, "an idx file of labels", contents.format, takeAgain);
  return new Map([...arrays, ["labels", array]]);
}

async function idxLabelsFile(file: string): Promise<string | undefined> {
  for (const name of idxLabelsNames(path.basename(file))) {
    const candidate = path.join(path.dirname(file), name);
    if ((await statOf(candidate))?.isFile()) return candidate;
  }
  return undefined;
}

/** The files that a dataset is read from: its bytes change only if one of them does. */
export async function filesOf(place: string): Promise<string[]> {
  const { file, isFolder, part } = await locate(place);
  if (isFolder) {
    const folder = part === undefined ? file : await partFolder(file, part);
    return (await listPictures(folder)).files.map(([, name]) => path.join(folder, name));
  }
  const labels = await idxLabelsFile(file);
  return labels === undefined ? [file] : [file, labels];
}

/** What a file or folder is, whether or not it can be trained on. */
export interface FileDescription {
  readonly file: string;
  readonly format: string;
  /** What has a name in it: arrays with their type and shape, of anything else what it is. */
  readonly arrays: readonly {
    readonly name: string;
    readonly type: string;
    readonly shape: readonly number[] | null;
  }[];
  /** What `#` may ask for. */
  readonly parts: readonly string[];
  /** The images, when they can be read. */
  readonly dataset: {
    readonly count: number;
    readonly dimension: number;
    readonly shape: readonly number[] | null;
    readonly classes: readonly string[];
    readonly classCounts: readonly number[];
  } | null;
  /** Why they cannot. */
  readonly refusal: { readonly complaint: string; readonly remedy: string } | null;
}

/** @throws Fault `data` for a file that is not there, or is damaged or of no known format */
export async function describeFile(place: string, options: { readonly label?: string } = {}): Promise<FileDescription> {
  const { file, isFolder, part } = await locate(place);
  const contents = isFolder ? undefined : await open(file);
  const arrays = contents !== undefined && "arrays" in contents ? contents.arrays : new Map();
  const described = {
    file: place,
    format: contents?.format ?? "folder of PNGs",
    arrays: [...(arrays as NamedArrays)].map(([name, value]) => ({
      name,
      type: typeof value === "string" ? value : typeName(value.type),
      shape: typeof value === "string" ? null : value.shape,
    })),
    parts: partsOf(arrays),
  };
  try {
    const dataset = await (contents === undefined
      ? folderIn(file, place, { part, ...options })
      : datasetIn(contents, place, file, { part, ...options }));
    const { count, dimension, shape = null, classes } = dataset;
    return {
      ...described,
      dataset: { count, dimension, shape, classes, classCounts: classCounts(dataset) },
      refusal: null,
    };
  } catch (error) {
    if (!(error instanceof Fault) || described.arrays.length === 0) throw error;
    return { ...described, dataset: null, refusal: { complaint: error.message, remedy: error.remedy } };
  }
}

async function open(file: string): Promise<Contents> {
  return openFile(await readWhole(file, limits.fileBytes), path.basename(file), file);
}

async function statOf(file: string) {
  return await withPlace(file, async () => {
    try {
      return await stat(file);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ERR_INVALID_ARG_VALUE"].includes(code)) return undefined;
      throw error;
    }
  });
}
