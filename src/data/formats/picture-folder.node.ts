import path from "node:path";
import { Fault } from "../../fault/fault.ts";
import { unknownName } from "../../fault/nearest.ts";
import { type FolderEntries, folderEntries, inWords } from "../../files/folder-entries.node.ts";
import { limits } from "../../files/limits.ts";
import { type Picture, readPng } from "../../files/png.node.ts";
import { readWhole } from "../../files/read-whole.node.ts";
import { shown } from "../../files/unreadable.ts";
import type { Dataset } from "../dataset.ts";

/** Bytes of a PNG of the largest picture there may be, with room for what else it carries. */
const pictureBytes = 8 * limits.imageValues;

/** Names of folders that are parts of a dataset, not classes of it. */
const partNames = new Set(["train", "training", "test", "testing", "val", "valid", "validation"]);

/** The pictures of a folder whose folders are the classes: [class, file], in the order in which they are read. */
export async function listPictures(folder: string): Promise<{ classes: string[]; files: [number, string][] }> {
  const entries = await folderEntries(folder);
  const classes = [...entries.folders];
  if (classes.length < 2 || classes.length > limits.classes) {
    const expected = `expected 2 to ${limits.classes} folders, one a class, found ${inWords(entries)}`;
    throw new Fault("data", folder, expected, "give a folder for each class, with its PNGs inside");
  }
  if (classes.every((name) => partNames.has(name.toLowerCase()))) throw partsInPlaceOfClasses(folder, classes);
  const byClass: (readonly string[])[] = [];
  for (const name of classes) {
    const home = path.join(folder, name);
    const inside = await folderEntries(home);
    if (!holdsPicturesOnly(inside)) throw noPictures(folder, classes, home, inside);
    byClass.push(inside.files);
  }
  const total = byClass.reduce((sum, { length }) => sum + length, 0);
  if (total > limits.pictures) {
    const complaint = `expected at most ${limits.pictures} pictures, found ${total}`;
    throw new Fault("data", folder, complaint, "make an .npz of them");
  }
  // In turns, each class as often as it has pictures: what is held out at the end has all classes then.
  const order = byClass.flatMap((files, label) =>
    files.map((file, rank) => ({ label, file: path.join(classes[label], file), turn: (rank + 0.5) / files.length })),
  );
  order.sort((a, b) => a.turn - b.turn || a.label - b.label);
  return { classes, files: order.map(({ label, file }) => [label, file]) };
}

/** The folder that is a part of `folder`. @throws Fault `data` where there is none, with the nearest name */
export async function partFolder(folder: string, part: string): Promise<string> {
  const { folders, files } = await folderEntries(folder);
  if (folders.includes(part)) return path.join(folder, part);
  const place = `${folder}#${part}`;
  if (files.includes(part)) {
    throw new Fault("data", place, `${shown(part)} is a file, and a part is a folder`, `name one of its folders`);
  }
  if (folders.length === 0) {
    throw new Fault("data", place, `it has no part ${shown(part)}, and no folder at all`, `name ${folder} alone`);
  }
  const remedy = `name one of its folders, for example ${folder}#${folders[0]}`;
  throw new Fault("data", place, `no such part: ${unknownName(part, folders.slice(0, 20))}`, remedy);
}

function holdsPicturesOnly({ files, folders, others }: FolderEntries): boolean {
  return files.length > 0 && folders.length === 0 && others.length === 0 && files.every((file) => /\.png$/i.test(file));
}

function noPictures(folder: string, classes: readonly string[], home: string, inside: FolderEntries): Fault {
  const isPart = classes.some((name) => partNames.has(name.toLowerCase()));
  if (isPart && inside.folders.length > 0) return partsInPlaceOfClasses(folder, classes);
  const stranger = inside.files.find((file) => !/\.png$/i.test(file)) ?? inside.others[0];
  const example = stranger === undefined || inside.files.length === 1 ? "" : `, for example ${shown(stranger)}`;
  const remedy =
    inside.folders.length > 0
      ? "put the PNGs of a class into its folder, without folders between"
      : inside.files.length === 0
        ? "put its PNGs in, or take the empty folder out"
        : "leave only PNGs in the folders of the classes";
  return new Fault("data", home, `expected PNGs, found ${inWords(inside)}${example}`, remedy);
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

/** @throws Fault `data` for pictures of different sizes, and for what is no PNG */
export async function readPictureFolder(folder: string, name: string): Promise<Dataset> {
  const { classes, files } = await listPictures(folder);
  let first: Picture | undefined;
  let images = new Uint8Array(0);
  const labels = new Uint8Array(files.length);
  for (const [index, [label, file]] of files.entries()) {
    const place = path.join(folder, file);
    const picture = readPng(await readWhole(place, pictureBytes), place);
    if (first === undefined) {
      first = picture;
      images = new Uint8Array(room(picture.planes.length * files.length, folder));
    }
    if (sizeOf(picture) !== sizeOf(first)) {
      const expected = `expected ${sizeOf(first)} as in ${files[0][1]}`;
      const remedy = "give all pictures the same size, and all colours or all grey";
      throw new Fault("data", place, `byte 16: ${expected}, found ${sizeOf(picture)}`, remedy);
    }
    images.set(picture.planes, index * picture.planes.length);
    labels[index] = label;
  }
  if (first === undefined) throw new RangeError("a folder without pictures was listed");
  const { channels, height, width, planes } = first;
  const shape = [channels, height, width] as const;
  return { name, images, labels, count: files.length, dimension: planes.length, classes, shape };
}

/** Bytes of all pictures. @throws Fault `data` for more than there may be */
function room(bytes: number, folder: string): number {
  if (bytes <= limits.unpackedBytes) return bytes;
  const complaint = `expected at most ${limits.unpackedBytes} bytes of pixels, found ${bytes}`;
  throw new Fault("data", folder, complaint, "make the pictures smaller");
}

function sizeOf({ width, height, channels }: Picture): string {
  return `${width} x ${height} in ${channels === 1 ? "grey" : "colour"}`;
}
