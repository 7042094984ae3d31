import { hash, randomBytes } from "node:crypto";
import { readlinkSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";

// A file's name either does not exist or holds a whole file: bytes are written under a name of their own in the same
// folder, forced to disk, and only then renamed; the folder is forced to disk too, or the rename may not survive a crash.

/** Writes a file so that its name never holds a part of it, whatever dies and however many processes write it at once. */
export async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  const temporary = uniqueName(file);
  try {
    await writeFile(temporary, content);
    await publish(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Forces `temporary` (a path on the same file system) to disk and gives it the name `file`, replacing what was there. */
export async function publish(temporary: string, file: string): Promise<void> {
  await sync(temporary, "r+");
  await rename(temporary, file);
  // Windows cannot open a folder, and does not need to.
  if (process.platform !== "win32") await sync(path.dirname(file), "r");
}

/**
 * Makes a folder and those above it that are missing. Node's own recursive mkdir never returns where a file system takes
 * no folders but does not say so, as Linux's /proc.
 */
export async function makeFolder(folder: string): Promise<void> {
  const whole = path.resolve(folder);
  try {
    await mkdir(whole);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && (await stat(whole)).isDirectory()) return;
    const above = path.dirname(whole);
    const isMissing = code === "ENOENT" && (await stat(above).catch(() => undefined)) === undefined;
    if (!isMissing) throw error;
    await makeFolder(above);
    await makeFolder(whole);
  }
}

async function sync(name: string, flags: "r" | "r+"): Promise<void> {
  const handle = await open(name, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * A name beside `file` that nobody else takes: `<file>.<process id>-<machine>-<8 hexadecimal digits>`. Containers that share
 * a folder have the same process numbers, and know nothing of each other's.
 */
export function uniqueName(file: string): string {
  return `${file}.${process.pid}-${machine()}-${randomBytes(4).toString("hex")}`;
}

/** After so many milliseconds without a change, what was written on another machine is taken for abandoned. */
const ABANDONED_AFTER = 24 * 3600 * 1000;

/** The paths beside `file` that `uniqueName(file)` gave to processes that have died since. */
export async function abandoned(file: string): Promise<string[]> {
  const folder = path.dirname(file);
  const base = `${path.basename(file)}.`;
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(base));
  const left: string[] = [];
  for (const name of names) {
    const [, id, where] = /^(\d+)-(?:([0-9a-f]{8})-)?[0-9a-f]{8}$/.exec(name.slice(base.length)) ?? [];
    if (id === undefined) continue;
    const whole = path.join(folder, name);
    if (where === machine() ? !isAlive(Number(id)) : await isOld(whole)) left.push(whole);
  }
  return left;
}

/** Where process numbers mean what they mean here: this machine and, on Linux, this container; 8 hexadecimal digits. */
function machine(): string {
  let space = "";
  try {
    space = readlinkSync("/proc/self/ns/pid");
  } catch {
    // Another system, which has no containers of this kind.
  }
  return hash("sha256", `${hostname()} ${space}`).slice(0, 8);
}

async function isOld(name: string): Promise<boolean> {
  const stats = await stat(name).catch(() => undefined);
  return stats !== undefined && Date.now() - stats.mtimeMs > ABANDONED_AFTER;
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
