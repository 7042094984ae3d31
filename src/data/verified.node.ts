import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { hashFile } from "../files/hash-file.node.ts";
import { writeWhole } from "../files/whole-file.node.ts";

// `verified.json` beside dataset files remembers which of them had the right hash, and their size and time then:
// a file that has not changed since is not hashed again at every start.

/** A file's size in bytes, its time of modification in milliseconds, and the hash it had. */
interface Verified {
  readonly size: number;
  readonly modified: number;
  readonly sha256: string;
}

/** What `verified.json` holds, by file name. */
export type Manifest = Map<string, Verified>;

/** How a file compares with what it should be; `expected` and `found` are sizes or hashes in words. */
export interface FileCheck {
  readonly state: "ok" | "missing" | "truncated" | "altered";
  readonly expected: string;
  readonly found: string;
}

/** The manifest of a folder; empty when there is none or it cannot be read: everything is hashed again then. */
export async function readManifest(folder: string): Promise<Manifest> {
  try {
    const entries = Object.entries(JSON.parse(await readFile(path.join(folder, "verified.json"), "utf8")) as object);
    return new Map(entries.filter((entry): entry is [string, Verified] => typeof entry[1]?.sha256 === "string"));
  } catch {
    return new Map();
  }
}

/** Writes a manifest. A folder that only others may write is left as it is: its files are then hashed at each start. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const text = `${JSON.stringify(Object.fromEntries(manifest), null, 2)}\n`;
  await writeWhole(path.join(folder, "verified.json"), text).catch(() => undefined);
}

/**
 * Compares a file with the size and hash it should have. With `trust`, a file that the manifest knows unchanged is not hashed.
 * `manifest` is written: the entry is set for a right file and removed for any other.
 */
export async function checkFile(
  manifest: Manifest,
  file: string,
  right: { readonly size: number; readonly sha256: string },
  trust: boolean,
): Promise<FileCheck> {
  const name = path.basename(file);
  const known = manifest.get(name);
  const stats = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (trust && known?.sha256 === right.sha256 && stats?.size === known.size && stats.mtimeMs === known.modified) {
    return { state: "ok", expected: right.sha256, found: right.sha256 };
  }
  manifest.delete(name);
  const size = `${right.size} bytes`;
  if (stats === undefined) return { state: "missing", expected: size, found: "no file" };
  if (stats.size !== right.size) {
    return { state: stats.size < right.size ? "truncated" : "altered", expected: size, found: `${stats.size} bytes` };
  }
  const sha256 = await hashFile(file, "sha256");
  if (sha256 === right.sha256) manifest.set(name, { size: stats.size, modified: stats.mtimeMs, sha256 });
  return { state: sha256 === right.sha256 ? "ok" : "altered", expected: right.sha256, found: sha256 };
}
