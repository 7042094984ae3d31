import { readdir } from "node:fs/promises";
import { Fault } from "../fault/fault.ts";
import { type FolderEntries, isLeftover } from "./folder-entries.ts";
import { withPlace } from "./read-whole.node.ts";
import { shown, utf8 } from "./unreadable.ts";

/**
 * The entries of a folder, without names that begin with a dot and what systems leave behind.
 * @throws Fault `data` for what is no folder, may not be read, or has a name that is no UTF-8
 */
export async function folderEntries(folder: string): Promise<FolderEntries> {
  const entries = await withPlace(folder, () => readdir(folder, { withFileTypes: true, encoding: "buffer" }));
  const sorted = { files: [] as string[], folders: [] as string[], links: [] as string[], others: [] as string[] };
  for (const entry of entries) {
    const name = nameOf(entry.name, folder);
    if (isLeftover(name)) continue;
    if (entry.isFile()) sorted.files.push(name);
    else if (entry.isDirectory()) sorted.folders.push(name);
    else if (entry.isSymbolicLink()) sorted.links.push(name);
    else sorted.others.push(name);
  }
  for (const names of Object.values(sorted)) names.sort();
  return sorted;
}

function nameOf(bytes: Uint8Array, folder: string): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    const name = shown(String.fromCharCode(...bytes));
    throw new Fault(
      "data",
      folder,
      `the name ${name} is no UTF-8`,
      "rename it: convmv -f latin1 -t utf8 --notest -r .",
      {
        cause,
      },
    );
  }
}
