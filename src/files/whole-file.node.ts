import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";

// A file's name either does not exist or holds a whole file: bytes are written under a name of their own in the same
// folder, forced to disk, and only then renamed; the folder is forced to disk too, or the rename may not survive a crash.

/** Writes a file so that its name never holds a part of it, whatever dies and however many processes write it at once. */
export async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  const temporary = ownName(file);
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

/** A name beside `file` that nobody else takes: `<file>.<process id>-<8 hexadecimal digits>`. */
export function ownName(file: string): string {
  return `${file}.${process.pid}-${randomBytes(4).toString("hex")}`;
}

/** The paths beside `file` that `ownName(file)` gave to processes that have died since. */
export async function abandoned(file: string): Promise<string[]> {
  const folder = path.dirname(file);
  const base = `${path.basename(file)}.`;
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => {
      const owner = name.startsWith(base) && /^(\d+)-[0-9a-f]{8}$/.exec(name.slice(base.length));
      return owner && !isAlive(Number(owner[1]));
    })
    .map((name) => path.join(folder, name));
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
