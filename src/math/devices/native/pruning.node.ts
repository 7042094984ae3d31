import { existsSync } from "node:fs";
import { readdir, rm, stat, utimes } from "node:fs/promises";
import path from "node:path";

// The cache folder's libraries: a change of the kernels, the compiler or the processor leaves the ones of before. A file's
// time is that of its last use, to the day.

/** So many that were used last stay, however long ago that was. */
export const keptAlways = 8;

/** Milliseconds without use after which one that is not among them goes, with what was left of a making that was ended. */
export const keptFor = 7 * 24 * 3600 * 1000;

const day = 24 * 3600 * 1000;

/** A library, or the refusal of one, and the unfinished ones beside it. */
const names = /^[0-9a-f]{16}-f(?:32|64)\.(?:so|dylib|dll|refused)(\..+)?$/;

/** Notes that a library is in use, where it is there; whether it is. */
export async function noteUse(library: string, now = Date.now()): Promise<boolean> {
  const stats = await stat(library).catch(() => undefined);
  if (stats === undefined) return false;
  if (now - stats.mtimeMs < day) return true;
  return await utimes(library, now / 1000, now / 1000).then(
    () => true,
    () => existsSync(library), // another user's: it goes sooner, and is compiled again
  );
}

/**
 * Removes libraries that nothing has used for long. Who has one loaded keeps it; who looks for one that was removed
 * compiles it. Several may prune at once.
 */
export async function prune(folder: string, now = Date.now()): Promise<void> {
  const files: { name: string; used: number; isUnfinished: boolean }[] = [];
  for (const name of await readdir(folder)) {
    const match = names.exec(name);
    if (match === null) continue;
    const stats = await stat(path.join(folder, name)).catch(() => undefined); // removed by another
    if (stats?.isFile()) files.push({ name, used: stats.mtimeMs, isUnfinished: match[1] !== undefined });
  }
  const old = ({ used }: { used: number }) => now - used > keptFor;
  const finished = files.filter(({ isUnfinished }) => !isUnfinished).sort((a, b) => b.used - a.used);
  const gone = [...finished.slice(keptAlways), ...files.filter(({ isUnfinished }) => isUnfinished)].filter(old);
  for (const { name } of gone) await rm(path.join(folder, name), { force: true });
}
