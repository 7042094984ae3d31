import path from "node:path";
import { folderEntries } from "../../files/folder-entries.node.ts";
import { openPictureReader } from "../../files/picture-reader.node.ts";
import { readWhole } from "../../files/read-whole.node.ts";
import type { Folders } from "./folders.ts";

/** The folders of a disk. */
export const diskFolders: Folders = {
  entries: folderEntries,
  join: path.join,
  homeOf: (folder) => ({ home: path.join(folder, ".."), name: path.basename(path.resolve(folder)) }),
  read: readWhole,
  openReader: openPictureReader,
};
