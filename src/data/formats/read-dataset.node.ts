import path from "node:path";
import { Fault } from "../../fault/fault.ts";
import { isHdf5, readHdf5 } from "../../files/hdf5.node.ts";
import { nodeUnpacker } from "../../files/inflate.node.ts";
import { limits } from "../../files/limits.ts";
import { isTexts, type NamedArrays, type NamedValue, typeName } from "../../files/number-array.ts";
import { readWhole } from "../../files/read-whole.node.ts";
import { classCounts, type Dataset } from "../dataset.ts";
import { partsOf } from "./array-dataset.ts";
import { type Beside, datasetIn } from "./dataset-in.ts";
import { diskFolders } from "./folders.node.ts";
import { idxLabelsNames } from "./idx.ts";
import { locate, statOf } from "./location.node.ts";
import { matVersion } from "./mat.ts";
import { type Contents, openFile } from "./open-file.ts";
import { datasetInFolder, listPictures, type PictureFolder, partFolder, picturesInFolder } from "./picture-folder.ts";
import type { ReadingOptions } from "./reading-options.ts";

/**
 * The images and labels of a file or folder that people have: CIFAR's .bin, pickle or .mat, idx, .npz, CSV, PNGs by class.
 * `path#train` takes a part: the arrays x_train and y_train, or the folder `train`.
 * `options` say what the file does not: which array or column is which, in what layout, in what range.
 * @throws Fault `data` with the file, the byte, what was expected and found, and the remedy
 */
export async function readDataset(place: string, options: Omit<ReadingOptions, "part"> = {}): Promise<Dataset> {
  const { file, isFolder, part } = await locate(place);
  if (isFolder) return await datasetInFolder(diskFolders, file, place, { part, ...options });
  const contents = await open(file);
  return await datasetIn(contents, { place, file, beside: () => labelsBeside(file) }, { part, ...options });
}

/** The pictures of a folder as `readDataset` has them, and their files, in the same order. @throws Fault as `readDataset` */
export async function readPictures(
  place: string,
  options: Pick<ReadingOptions, "resize" | "range">,
): Promise<PictureFolder> {
  const { file, part } = await locate(place);
  return await picturesInFolder(diskFolders, file, place, { part, ...options });
}

/** The labels that lie beside the images of an idx file. */
async function labelsBeside(file: string): Promise<Beside | undefined> {
  const labels = await idxLabelsFile(file);
  return labels === undefined ? undefined : { file: labels, contents: await open(labels) };
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
    const folder = part === undefined ? file : await partFolder(diskFolders, file, part);
    const { files, table } = await listPictures(diskFolders, folder);
    return [...files.map(([, name]) => path.join(folder, name)), ...(table === undefined ? [] : [table])];
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
    /** How images and labels were found, a sentence each. */
    readonly reading: readonly string[];
  } | null;
  /** Why they cannot. */
  readonly refusal: { readonly complaint: string; readonly remedy: string } | null;
}

/** @throws Fault `data` for a file that is not there, or is damaged or of no known format */
export async function describeFile(
  place: string,
  options: Omit<ReadingOptions, "part"> = {},
): Promise<FileDescription> {
  const { file, isFolder, part } = await locate(place);
  const contents = isFolder ? undefined : await open(file);
  const arrays = contents !== undefined && "arrays" in contents ? contents.arrays : new Map();
  const described = {
    file: place,
    format: contents?.format ?? "folder of pictures",
    arrays: [...(arrays as NamedArrays)].map(([name, value]) => ({
      name,
      type: typeOf(value),
      shape: typeof value === "string" ? null : value.shape,
    })),
    parts: partsOf(arrays),
  };
  try {
    const dataset = await (contents === undefined
      ? datasetInFolder(diskFolders, file, place, { part, ...options })
      : datasetIn(contents, { place, file, beside: () => labelsBeside(file) }, { part, ...options }));
    const { count, dimension, shape = null, classes, reading = [] } = dataset;
    return {
      ...described,
      dataset: { count, dimension, shape, classes, classCounts: classCounts(dataset), reading },
      refusal: null,
    };
  } catch (error) {
    if (!(error instanceof Fault) || described.arrays.length === 0) throw error;
    return { ...described, dataset: null, refusal: { complaint: error.message, remedy: error.remedy } };
  }
}

function typeOf(value: NamedValue): string {
  return typeof value === "string" ? value : isTexts(value) ? "text" : typeName(value.type);
}

async function open(file: string): Promise<Contents> {
  const bytes = await readWhole(file, limits.fileBytes);
  if (isHdf5(bytes) && !file.toLowerCase().endsWith(".bin")) {
    const format = matVersion(bytes) === "7.3" ? "MATLAB .mat, version 7.3 (HDF5)" : "HDF5";
    return { format, arrays: await readHdf5(bytes, file) };
  }
  return openFile(bytes, path.basename(file), file, nodeUnpacker);
}
