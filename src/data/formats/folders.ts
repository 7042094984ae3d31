import type { FolderEntries } from "../../files/folder-entries.ts";
import type { PictureReader } from "../../files/picture.ts";

/** Folders of pictures as a platform has them: those of a disk, or those that a person has picked in a page. */
export interface Folders {
  /** @throws Fault `data` for what is no folder */
  entries(folder: string): Promise<FolderEntries>;
  /** The path of what lies in a folder. */
  join(folder: string, name: string): string;
  /** The folder in which a folder lies, and its name there. */
  homeOf(folder: string): { readonly home: string; readonly name: string };
  /** @throws Fault `data` for more bytes than `most` */
  read(file: string, most: number): Promise<Uint8Array>;
  openReader(): PictureReader;
}
