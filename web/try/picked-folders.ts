import type { Dataset } from "../../src/data/dataset.ts";
import type { Folders } from "../../src/data/formats/folders.ts";
import { datasetInFolder } from "../../src/data/formats/picture-folder.ts";
import type { ReadingOptions } from "../../src/data/formats/reading-options.ts";
import { Fault } from "../../src/fault/fault.ts";
import { isLeftover } from "../../src/files/folder-entries.ts";
import { pageUnpacker } from "../../src/files/inflate.browser.ts";
import type { Picture, PictureReading } from "../../src/files/picture.ts";
import { pixelsOf } from "../../src/files/pixels.ts";
import { readPng } from "../../src/files/png.ts";
import { resized } from "../../src/files/resize.ts";
import type { PickedFiles } from "./image-source.ts";

/** The pictures of a folder that a person has picked, as the command line reads one of a disk. @throws Fault `data` */
export async function readPickedFolder(
  picked: PickedFiles,
  folder: string,
  place: string,
  options: ReadingOptions,
): Promise<Dataset> {
  return await datasetInFolder(foldersOf(picked), folder, place, options);
}

/** The folders that the names of picked files tell of: `pets/cat/1.png`. */
function foldersOf(picked: PickedFiles): Folders {
  const join = (folder: string, name: string) => (folder === "" ? name : `${folder}/${name}`);
  return {
    join,
    async entries(folder) {
      const before = join(folder, "");
      const [files, folders] = [new Set<string>(), new Set<string>()];
      for (const name of picked.keys()) {
        if (!name.startsWith(before)) continue;
        const [first, ...rest] = name.slice(before.length).split("/");
        if (!isLeftover(first)) (rest.length === 0 ? files : folders).add(first);
      }
      return { files: [...files].sort(), folders: [...folders].sort(), links: [], others: [] };
    },
    homeOf(folder) {
      const end = folder.lastIndexOf("/");
      return { home: folder.slice(0, Math.max(0, end)), name: folder.slice(end + 1) };
    },
    async read(file, most) {
      const blob = picked.get(file);
      if (blob === undefined) throw new Fault("data", file, "this file was not picked", "pick its folder once more");
      if (blob.size <= most) return new Uint8Array(await blob.arrayBuffer());
      throw new Fault("data", file, `has ${blob.size} bytes`, `pick one of at most ${most}`);
    },
    openReader: () => ({ read: async (...of) => readPicture(...of), close: async () => {} }),
  };
}

function readPicture(bytes: Uint8Array, place: string, { size, range }: PictureReading = {}): Picture {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) {
    // A browser's own decoder gives other bytes than the command line's.
    const remedy = "save the pictures as PNG, or train on them with the command line";
    throw new Fault("data", place, "is a JPEG, and this page reads PNGs", remedy);
  }
  const picture = readPng(bytes, place, pageUnpacker, { isPhoto: size !== undefined, range });
  return size === undefined ? picture : resized(pixelsOf(picture), size);
}
