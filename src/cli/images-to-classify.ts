import { existsSync } from "node:fs";
import path from "node:path";
import { locate } from "../data/formats/location.node.ts";
import { Fault } from "../fault/fault.ts";
import type { ByteRange } from "../files/byte-of.ts";
import { folderEntries } from "../files/folder-entries.node.ts";
import { kindOfFile } from "../files/kind-of-file.ts";
import { limits } from "../files/limits.ts";
import type { PictureReader } from "../files/picture.ts";
import { inColour, inGrey, type Picture } from "../files/picture.ts";
import { isPictureName } from "../files/picture-name.ts";
import { openPictureReader } from "../files/picture-reader.node.ts";
import { readWhole } from "../files/read-whole.node.ts";
import { withRunOrFile } from "../lab/open-store.ts";
import type { Model } from "../model/model.ts";

/** Images in the size and colours of a model. */
export interface ImagesToClassify {
  /** A name for each: its file, or the data file and its number from 0. */
  readonly names: readonly string[];
  /** The class that a folder or data file says each has; undefined for pictures alone. */
  readonly labels: readonly (string | undefined)[];
  /** [n, dimension] */
  readonly images: Uint8Array;
}

/** How images are read that are not of the model's kind as they are. */
export interface ImageReading {
  /** Whether pictures of another size are brought to the model's. */
  readonly isResized?: boolean;
  /** The values that become byte 0 and byte 255, of pictures of 16 bits and of data files. */
  readonly range?: ByteRange | undefined;
}

/**
 * Images of the test set of a run, by their numbers from 0.
 * @throws Fault `usage` for a number beyond, and for a model file, which does not say where its test images are
 */
export async function testImagesOf(reference: string, numbers: readonly number[]): Promise<ImagesToClassify> {
  const flag = "--test-image";
  if (existsSync(reference)) {
    const complaint = `${reference} is a model file, which does not have the test images`;
    throw new Fault("usage", flag, complaint, "name the run, as `gradus runs` lists it, or give the images");
  }
  const { testImages } = await import("../lab/test-images.ts");
  const { images, labels, classes, dimension, count } = await withRunOrFile(reference, "name a run", (_store, run) =>
    testImages(run, flag),
  );
  const beyond = numbers.find((number) => number >= count);
  if (beyond !== undefined) {
    throw new Fault("usage", flag, `${beyond}; there are ${count} test images`, `give numbers from 0 to ${count - 1}`);
  }
  const chosen = new Uint8Array(numbers.length * dimension);
  for (const [at, number] of numbers.entries()) {
    chosen.set(images.subarray(number * dimension, (number + 1) * dimension), at * dimension);
  }
  return {
    names: numbers.map((number) => `test image ${number}`),
    labels: numbers.map((number) => classes[labels[number]]),
    images: chosen,
  };
}

/** Images one after the other. */
export function allImages(parts: readonly ImagesToClassify[]): ImagesToClassify {
  return {
    names: parts.flatMap(({ names }) => names),
    labels: parts.flatMap(({ labels }) => labels),
    images: new Uint8Array(Buffer.concat(parts.map(({ images }) => images))),
  };
}

/**
 * What is in picture files, folders of pictures by class and data files, in their order. `opened` reads the pictures, where the caller
 * has opened a reader in good time; else one is opened when there is a picture.
 * @throws Fault `data` for what is none, or does not fit the model
 */
export async function imagesToClassify(
  places: readonly string[],
  model: Model,
  { isResized = false, range }: ImageReading = {},
  opened?: PictureReader,
): Promise<ImagesToClassify> {
  if (isResized && model.shape === undefined) {
    const complaint = `the model takes ${model.dimension} bytes, and does not say of what size`;
    throw new Fault("usage", "--resize", complaint, "give pictures of as many bytes, and leave out --resize");
  }
  let reader = opened;
  const pictures = () => {
    reader ??= openPictureReader();
    return reader;
  };
  try {
    const parts: ImagesToClassify[] = [];
    for (const place of places) parts.push(await imagesAt(place, model, { isResized, range }, pictures));
    return allImages(parts);
  } finally {
    if (opened === undefined) await reader?.close();
  }
}

async function imagesAt(
  place: string,
  model: Model,
  reading: ImageReading,
  pictures: () => PictureReader,
): Promise<ImagesToClassify> {
  const { shape } = model;
  const { isResized = false, range } = reading;
  const size = isResized && shape !== undefined ? ([shape[1], shape[2]] as const) : undefined;
  const { file, isFolder } = await locate(place);
  if (!isFolder) {
    const bytes = await readWhole(file, limits.fileBytes);
    const kind = kindOfFile(bytes)?.what;
    if (kind === "a PNG" || kind === "a JPEG" || /\.(?:png|jpe?g)$/i.test(file)) {
      if (bytes.length > limits.pictureBytes) {
        const complaint = `expected a picture of at most ${limits.pictureBytes} bytes, found ${bytes.length}`;
        throw new Fault("data", place, complaint, "make it smaller");
      }
      const images = fitting(await pictures().read(bytes, file, { size, range }), model, place);
      return { names: [place], labels: [undefined], images };
    }
  }
  if (isFolder) {
    const { files, folders } = await folderEntries(file);
    if (folders.length === 0 && files.length > 0 && files.every(isPictureName)) {
      const parts: ImagesToClassify[] = [];
      for (const name of files) parts.push(await imagesAt(path.join(file, name), model, reading, pictures));
      return allImages(parts);
    }
  }
  // Loaded where there is more than pictures: it reads every format.
  const { readDataset, readPictures } = await import("../data/formats/read-dataset.node.ts");
  const { dataset, files } = isFolder
    ? await readPictures(place, { resize: size, range })
    : { dataset: await readDataset(place, { range }), files: undefined };
  if (dataset.dimension !== model.dimension) {
    const complaint = `its images have ${dataset.dimension} bytes; the model takes ${model.dimension}`;
    throw new Fault("data", place, complaint, "give images of the size and colours that the model was trained on");
  }
  const names = files ?? Array.from({ length: dataset.count }, (_, index) => `${place}, image ${index}`);
  return { names, labels: Array.from(dataset.labels, (label) => dataset.classes[label]), images: dataset.images };
}

/** The bytes of a picture in the model's size and colours. Grey stored as colour counts as grey, and grey serves as colour. */
function fitting(stored: Picture, { shape, dimension }: Model, place: string): Uint8Array {
  const picture = (shape?.[0] === 1 ? inGrey(stored) : shape?.[0] === 3 ? inColour(stored) : undefined) ?? stored;
  const { width, height, channels, planes } = picture;
  if (shape === undefined ? planes.length === dimension : [channels, height, width].join() === shape.join()) {
    return planes;
  }
  const colours = (count: number) => (count === 1 ? "grey" : count === 3 ? "RGB" : `${count} colours`);
  const description = `${width} x ${height} pixels, ${colours(channels)}`;
  const expected =
    shape === undefined ? `${dimension} bytes` : `${shape[2]} x ${shape[1]} pixels, ${colours(shape[0])}`;
  const isOtherSize = shape !== undefined && (width !== shape[2] || height !== shape[1]);
  const remedy = `give a picture of ${expected}${isOtherSize ? ", or have it resized: --resize" : ""}`;
  throw new Fault("data", place, `${description}; the model takes ${expected}`, remedy);
}
