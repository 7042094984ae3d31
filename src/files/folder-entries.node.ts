import { readdir } from "node:fs/promises";
import path from "node:path";
import { Fault } from "../fault/fault.ts";
import { withPlace } from "./read-whole.node.ts";
import { shown, utf8 } from "./unreadable.ts";

/** What a folder holds, each list sorted by code unit. */
export interface FolderEntries {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Never followed: they can lead out of the folder, or round. */
  readonly links: readonly string[];
  /** FIFOs, sockets, devices. */
  readonly others: readonly string[];
}

/** What systems leave in folders by themselves. */
const leftovers = new Set(["thumbs.db", "desktop.ini", "__macosx"]);

/**
 * The entries of a folder, without names that begin with a dot and what systems leave behind.
 * @throws Fault `data` for what is no folder, may not be read, or has a name that is no UTF-8
 */
export async function folderEntries(folder: string): Promise<FolderEntries> {
  const entries = await withPlace(folder, () => readdir(folder, { withFileTypes: true, encoding: "buffer" }));
  const sorted = { files: [] as string[], folders: [] as string[], links: [] as string[], others: [] as string[] };
  for (const entry of entries) {
    const name = nameOf(entry.name, folder);
    if (name.startsWith(".") || leftovers.has(name.toLowerCase())) continue;
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

/** A few words on what a folder holds, for a refusal: `3 PNGs, 1 JPEG, the folders "a", "b", 2 links (not followed)`. */
export function inWords({ files, folders, links, others }: FolderEntries): string {
  const kinds = new Map<string, number>();
  for (const file of files) {
    const ending = path.extname(file).slice(1).toLowerCase();
    const kind = fileKinds[ending] ?? (ending === "" ? "file without an ending" : `.${ending.slice(0, 20)} file`);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const counted = (count: number, kind: string) => `${count} ${kind}${count === 1 ? "" : "s"}`;
  const common = [...kinds].sort((a, b) => b[1] - a[1]).slice(0, 3);
  const parts = common.map(([kind, count]) => counted(count, kind));
  if (folders.length > 0) {
    const some = folders.slice(0, 3).map(shown).join(", ");
    parts.push(`${counted(folders.length, "folder")} (${some}${folders.length > 3 ? ", ..." : ""})`);
  }
  if (links.length > 0) parts.push(`${counted(links.length, "link")}, which are not followed`);
  if (others.length > 0) parts.push(`${others.length} that are neither`);
  return parts.join(", ") || "nothing";
}

const fileKinds: Readonly<Record<string, string>> = { png: "PNG", jpg: "JPEG", jpeg: "JPEG" };
