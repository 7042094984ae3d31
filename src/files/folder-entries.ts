import { shown } from "./unreadable.ts";

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

/** Whether a name begins with a dot, or is of what systems leave behind. */
export function isLeftover(name: string): boolean {
  return name.startsWith(".") || leftovers.has(name.toLowerCase());
}

/** A few words on what a folder holds, for a refusal: `3 PNGs, 1 JPEG, the folders "a", "b", 2 links (not followed)`. */
export function inWords({ files, folders, links, others }: FolderEntries): string {
  const kinds = new Map<string, number>();
  for (const file of files) {
    const ending = /[^.]\.([^.]*)$/.exec(file)?.[1].toLowerCase() ?? "";
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
