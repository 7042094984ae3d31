import { lstat, readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { Fault } from "../../fault/fault.ts";
import { limits } from "../../files/limits.ts";
import { type Picture, readPng } from "../../files/png.node.ts";
import type { Dataset } from "../dataset.ts";
import { byName } from "./labels.ts";

/** Bytes of a PNG of the largest picture there may be, with room for what else it carries. */
const pictureBytes = 8 * limits.imageValues;

/** The pictures of a folder whose folders are the classes: [class, file], in the order in which they are read. */
export async function listPictures(folder: string): Promise<{ classes: string[]; files: [number, string][] }> {
  const classes = await visible(folder, async (file) => (await stat(file)).isDirectory());
  if (classes.length < 2 || classes.length > limits.classes) {
    const remedy = "give a folder for each class, with its PNGs inside";
    throw new Fault(
      "data",
      folder,
      `expected 2 to ${limits.classes} folders, one a class, found ${classes.length}`,
      remedy,
    );
  }
  const byClass: string[][] = [];
  for (const name of classes) {
    const home = path.join(folder, name);
    const files = await visible(home, async () => true);
    const stranger = files.find((file) => !/\.png$/i.test(file));
    if (stranger !== undefined || files.length === 0) {
      const found = stranger === undefined ? "none" : JSON.stringify(stranger);
      throw new Fault("data", home, `expected PNGs, found ${found}`, await partRemedy(folder, classes));
    }
    byClass.push(files);
  }
  const total = byClass.reduce((sum, { length }) => sum + length, 0);
  if (total > limits.pictures) {
    throw new Fault(
      "data",
      folder,
      `expected at most ${limits.pictures} pictures, found ${total}`,
      "make an .npz of them",
    );
  }
  // In turns, each class as often as it has pictures: what is held out at the end has all classes then.
  const order = byClass.flatMap((files, label) =>
    files.map((file, rank) => ({ label, file: path.join(classes[label], file), turn: (rank + 0.5) / files.length })),
  );
  order.sort((a, b) => a.turn - b.turn || a.label - b.label);
  return { classes, files: order.map(({ label, file }) => [label, file]) };
}

/** @throws Fault `data` for pictures of different sizes, and for what is no PNG */
export async function readPngFolder(folder: string, name: string): Promise<Dataset> {
  const { classes, files } = await listPictures(folder);
  let first: Picture | undefined;
  let images = new Uint8Array(0);
  const labels = new Uint8Array(files.length);
  for (const [index, [label, file]] of files.entries()) {
    const place = path.join(folder, file);
    const picture = readPng(await readPicture(place), place);
    if (first === undefined) {
      first = picture;
      const bytes = picture.planes.length * files.length;
      if (bytes > limits.unpackedBytes) {
        throw new Fault(
          "data",
          folder,
          `expected at most ${limits.unpackedBytes} bytes, found ${bytes}`,
          "make them smaller",
        );
      }
      images = new Uint8Array(bytes);
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
  return {
    name,
    images,
    labels,
    count: files.length,
    dimension: planes.length,
    classes,
    shape: [channels, height, width],
  };
}

function sizeOf({ width, height, channels }: Picture): string {
  return `${width} x ${height} in ${channels === 1 ? "grey" : "colour"}`;
}

async function readPicture(file: string): Promise<Uint8Array> {
  const { size } = await stat(file);
  if (size > pictureBytes) {
    throw new Fault(
      "data",
      file,
      `byte 0: expected at most ${pictureBytes} bytes, found ${size}`,
      "make the picture smaller",
    );
  }
  return await readFile(file);
}

/** Names in a folder that do not begin with a dot, sorted, as far as they are wanted; links are not followed out of it. */
async function visible(folder: string, isWanted: (file: string) => Promise<boolean>): Promise<string[]> {
  const names: string[] = [];
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    if (!name.startsWith(".") && !(await lstat(file)).isSymbolicLink() && (await isWanted(file))) names.push(name);
  }
  return names.sort(byName);
}

async function partRemedy(folder: string, classes: readonly string[]): Promise<string> {
  return classes.includes("train") || classes.includes("test")
    ? `name the part: ${classes.map((name) => `${folder}#${name}`).join(" or ")}`
    : "leave only PNGs in the folders of the classes";
}
