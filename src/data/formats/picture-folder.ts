import { Fault } from "../../fault/fault.ts";
import { unknownName } from "../../fault/nearest.ts";
import { type FolderEntries, inWords } from "../../files/folder-entries.ts";
import { limits } from "../../files/limits.ts";
import { inColour, inGrey, type Picture, type PictureReader, type PictureReading } from "../../files/picture.ts";
import { isPictureName } from "../../files/picture-name.ts";
import { shown } from "../../files/unreadable.ts";
import type { Dataset } from "../dataset.ts";
import { requireNoMore } from "./dataset-in.ts";
import type { Folders } from "./folders.ts";
import { labelsFileOf, listLabelled } from "./labelled-pictures.ts";
import type { ReadingOptions } from "./reading-options.ts";

/** Pictures that are read at a time, so that disk and decoder need not wait for each other. */
const atOnce = 64;

/** Names of folders that are parts of a dataset, not classes of it. */
const partNames = new Set(["train", "training", "test", "testing", "val", "valid", "validation"]);

/** The pictures of a folder, and what is told of how they were found. */
export interface ListedPictures {
  readonly classes: readonly string[];
  /** [class, file], in the order in which they are read. */
  readonly files: readonly (readonly [number, string])[];
  /** The table of their labels, where their folders are not the classes. */
  readonly table?: string;
  readonly reading: readonly string[];
}

/** Pictures with the class of each, and the file of each. */
export interface PictureFolder {
  readonly dataset: Dataset;
  readonly files: readonly string[];
}

/** The pictures of a folder whose folders are the classes, or that has a table of their labels in it or beside it. */
export async function listPictures(folders: Folders, folder: string): Promise<ListedPictures> {
  const entries = await folders.entries(folder);
  const classes = [...entries.folders];
  if (classes.length === 0 && entries.files.some(isPictureName)) {
    const table = await labelsFileOf(folders, folder, entries);
    if (table !== undefined) {
      const reading = [`labels: the table ${table}`, ...linksLeft(entries.links.length)];
      return { ...(await listLabelled(folders, folder, entries, table)), table, reading };
    }
    const complaint = `expected folders, one a class, or a table of labels, found ${inWords(entries)}`;
    const remedy = "put the pictures of each class into a folder, or a table labels.csv beside them: file,label";
    throw new Fault("data", folder, complaint, remedy);
  }
  if (classes.length < 2 || classes.length > limits.classes) {
    const expected = `expected 2 to ${limits.classes} folders, one a class, found ${inWords(entries)}`;
    throw new Fault("data", folder, expected, "give a folder for each class, with its pictures inside");
  }
  if (classes.every((name) => partNames.has(name.toLowerCase()))) throw partsInPlaceOfClasses(folder, classes);
  const byClass: (readonly string[])[] = [];
  let links = entries.links.length;
  for (const name of classes) {
    const home = folders.join(folder, name);
    const inside = await folders.entries(home);
    if (!holdsPicturesOnly(inside)) throw noPictures(folder, classes, home, inside);
    byClass.push(inside.files);
    links += inside.links.length;
  }
  const total = byClass.reduce((sum, { length }) => sum + length, 0);
  if (total > limits.pictures) {
    const complaint = `expected at most ${limits.pictures} pictures, found ${total}`;
    throw new Fault("data", folder, complaint, "make an .npz of them");
  }
  // In turns, each class as often as it has pictures: what is held out at the end has all classes then.
  const order = byClass.flatMap((files, label) =>
    files.map((file, rank) => ({ label, file: folders.join(classes[label], file), turn: (rank + 0.5) / files.length })),
  );
  order.sort((a, b) => a.turn - b.turn || a.label - b.label);
  return { classes, files: order.map(({ label, file }) => [label, file]), reading: linksLeft(links) };
}

function linksLeft(count: number): string[] {
  return count === 0
    ? []
    : [`left out: ${count === 1 ? "a link, which is" : `${count} links, which are`} not followed`];
}

/** The folder that is a part of `folder`. @throws Fault `data` where there is none, with the nearest name */
export async function partFolder(folders: Folders, folder: string, part: string): Promise<string> {
  const { folders: parts, files } = await folders.entries(folder);
  if (parts.includes(part)) return folders.join(folder, part);
  const place = `${folder}#${part}`;
  if (files.includes(part)) {
    throw new Fault("data", place, `${shown(part)} is a file, and a part is a folder`, `name one of its folders`);
  }
  if (parts.length === 0) {
    throw new Fault("data", place, `it has no part ${shown(part)}, and no folder at all`, `name ${folder} alone`);
  }
  const remedy = `name one of its folders, for example ${folder}#${parts[0]}`;
  throw new Fault("data", place, `no such part: ${unknownName(part, parts.slice(0, 20))}`, remedy);
}

function holdsPicturesOnly({ files, folders, others }: FolderEntries): boolean {
  return files.length > 0 && folders.length === 0 && others.length === 0 && files.every(isPictureName);
}

function noPictures(folder: string, classes: readonly string[], home: string, inside: FolderEntries): Fault {
  const isPart = classes.some((name) => partNames.has(name.toLowerCase()));
  if (isPart && inside.folders.length > 0) return partsInPlaceOfClasses(folder, classes);
  const stranger = inside.files.find((file) => !isPictureName(file)) ?? inside.others[0];
  const example = stranger === undefined || inside.files.length === 1 ? "" : `, for example ${shown(stranger)}`;
  const remedy =
    inside.folders.length > 0
      ? "put the pictures of a class into its folder, without folders between"
      : inside.files.length === 0
        ? "put its pictures in, or take the empty folder out"
        : "leave only PNGs and JPEGs in the folders of the classes";
  return new Fault("data", home, `expected PNGs or JPEGs, found ${inWords(inside)}${example}`, remedy);
}

function partsInPlaceOfClasses(folder: string, names: readonly string[]): Fault {
  const complaint = `expected folders that are classes, found parts of a dataset: ${names.map(shown).join(", ")}`;
  const parts = names.filter((name) => partNames.has(name.toLowerCase()));
  return new Fault(
    "data",
    folder,
    complaint,
    `name the part: ${parts.map((name) => `${folder}#${name}`).join(" or ")}`,
  );
}

/** The pictures of a folder, or of the folder in it that is asked for as a part. @throws Fault `data` */
export async function datasetInFolder(
  folders: Folders,
  folder: string,
  place: string,
  options: ReadingOptions,
): Promise<Dataset> {
  return (await picturesInFolder(folders, folder, place, options)).dataset;
}

/** The same, with the file of each. @throws Fault `data` */
export async function picturesInFolder(
  folders: Folders,
  folder: string,
  place: string,
  { part, ...options }: ReadingOptions,
): Promise<PictureFolder> {
  requireNoMore(folder, options, ["resize", "range"], "a folder, whose folders are the classes");
  const { resize: size, range } = options;
  const home = part === undefined ? folder : await partFolder(folders, folder, part);
  return await readPictureFolder(folders, home, place, { size, range });
}

/**
 * The pictures of a folder, brought to a size where one is given. Grey ones count as in colour where others are; ones in colour that
 * are grey all over count as grey where others are stored as grey and none has a colour.
 * @throws Fault `data` for pictures of different sizes, and for what is none
 */
async function readPictureFolder(
  folders: Folders,
  folder: string,
  name: string,
  reading: PictureReading,
): Promise<PictureFolder> {
  const { classes, files, reading: how } = await listPictures(folders, folder);
  const reader = folders.openReader();
  try {
    const pictures: Picture[] = [];
    let bytes = 0;
    for (let from = 0; from < files.length; from += atOnce) {
      const some = files
        .slice(from, from + atOnce)
        .map(([, file]) => readOne(folders, folders.join(folder, file), reader, reading));
      for (const picture of await Promise.all(some)) {
        requireSize(picture, pictures[0], folders.join(folder, files[pictures.length][1]), files[0][1]);
        bytes = requireRoom(bytes + picture.planes.length, folder);
        pictures.push(picture);
      }
    }
    const labels = Uint8Array.from(files, ([label]) => label);
    const told = how.length === 0 ? {} : { reading: how };
    const dataset = { name, ...together(pictures), labels, count: files.length, classes, ...told };
    return { dataset, files: files.map(([, file]) => folders.join(folder, file)) };
  } finally {
    await reader.close();
  }
}

async function readOne(
  folders: Folders,
  file: string,
  reader: PictureReader,
  reading: PictureReading,
): Promise<Picture> {
  return await reader.read(await folders.read(file, limits.pictureBytes), file, reading);
}

/** One block of all pictures, in as many colours as they need. */
function together(stored: readonly Picture[]) {
  const isMixed = stored.some(({ channels }) => channels !== stored[0].channels);
  const greys = isMixed ? stored.map(inGrey) : [];
  const asGrey = greys.filter((picture) => picture !== undefined);
  const pictures = !isMixed ? stored : asGrey.length === stored.length ? asGrey : stored.map(inColour);
  const [{ channels, height, width, planes }] = pictures;
  const images = new Uint8Array(planes.length * pictures.length);
  for (const [index, picture] of pictures.entries()) images.set(picture.planes, index * planes.length);
  return { images, dimension: planes.length, shape: [channels, height, width] as const };
}

function requireSize(picture: Picture, first: Picture | undefined, place: string, firstFile: string): void {
  const inWords = ({ width, height }: Picture) => `${width} x ${height}`;
  if (first === undefined || inWords(picture) === inWords(first)) return;
  const expected = `expected ${inWords(first)} pixels as in ${firstFile}, found ${inWords(picture)}`;
  const remedy = `have all brought to one size: data.dataset.resize: [${first.height}, ${first.width}]`;
  throw new Fault("data", place, expected, remedy);
}

/** @throws Fault `data` for more bytes than there may be */
function requireRoom(bytes: number, folder: string): number {
  if (bytes <= limits.unpackedBytes) return bytes;
  const complaint = `expected at most ${limits.unpackedBytes} bytes of pixels, found more`;
  throw new Fault("data", folder, complaint, "make the pictures smaller: data.dataset.resize");
}
