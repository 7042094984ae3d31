import { realpath, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { Fault } from "../fault/fault.ts";
import { makeFolder, uniqueName, writeWhole } from "../files/whole-file.node.ts";

/** A file asked for by a flag. */
export interface Output {
  readonly flag: string;
  readonly file: string | undefined;
  /** What the file's name may end in, such as `.svg`; a name without an ending stands for the first. Any, when absent. */
  readonly endings?: readonly string[];
}

/** What a figure's file may end in. */
export const figureEndings = [".svg", ".pdf", ".png"];

/**
 * Refuses, before any work is done, outputs that could not be written at its end, and outputs that would replace one
 * another or the file `input`.
 * @throws Fault `output` naming the flag, the file and the remedy.
 */
export async function checkOutputs(outputs: readonly Output[], input?: string): Promise<void> {
  const owners = new Map<string, string>();
  if (input !== undefined) owners.set(await realName(input), "the spec");
  for (const { flag, file, endings } of outputs) {
    if (file === undefined) continue;
    await checkOutput(flag, file);
    const name = await realName(file);
    const owner = owners.get(name);
    if (owner !== undefined) throw fault(flag, file, `it is the file of ${owner}`, "name another file");
    owners.set(name, flag);
    if (endings !== undefined) endingOf(flag, file, endings);
  }
}

/** Which of the endings a file's name has; the first, where it has none. @throws Fault `usage` for any other */
export function endingOf(flag: string, file: string, endings: readonly string[]): string {
  const ending = path.extname(file).toLowerCase();
  if (ending === "") return endings[0];
  if (endings.includes(ending)) return ending;
  const list = endings.length === 1 ? endings[0] : `one of: ${endings.join(", ")}`;
  throw new Fault("usage", flag, `${file} ends in ${ending}`, `name a file that ends in ${list}`);
}

/** Writes a whole file or none. @throws Fault `output` */
export async function writeOutput(flag: string, file: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeWhole(await realName(file), content);
  } catch (cause) {
    throw notWritten(flag, file, cause);
  }
}

/** What writing a file failed of, and what helps. */
export function notWritten(flag: string, file: string, cause: unknown): Fault {
  const { code = "", message } = cause as NodeJS.ErrnoException;
  const remedies: Readonly<Record<string, string>> = {
    ENOENT: "its folder has gone: make it again, or name another",
    ENOTDIR: "its folder has gone: make it again, or name another",
    ENOSPC: "free some space, or name a file on another disk",
    EFBIG: "allow larger files (ulimit -f), or name one where there is more space",
    EDQUOT: "free some space, or name a file on another disk",
  };
  return fault(flag, file, message, `${remedies[code] ?? "choose another folder"}; nothing was left behind`, cause);
}

/** Writes files by their names into a folder, which is made where it is missing. @throws Fault `output` */
export async function writePages(
  flag: string,
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  await makeFolder(folder).catch((cause) => {
    throw fault(flag, folder, cause instanceof Error ? cause.message : String(cause), "name another folder", cause);
  });
  for (const [name, content] of Object.entries(files)) await writeOutput(flag, path.join(folder, name), content);
}

async function checkOutput(flag: string, file: string): Promise<void> {
  const folder = path.dirname(path.resolve(file));
  const kind = await stat(folder).catch(() => undefined);
  if (kind === undefined) throw fault(flag, file, `there is no folder ${folder}`, "make the folder first");
  if (!kind.isDirectory()) throw fault(flag, file, `${folder} is not a folder`, "name a file in a folder");
  const existing = await stat(path.resolve(file)).catch(() => undefined);
  if (existing?.isDirectory()) throw fault(flag, file, "it is a folder", "name a file in it");
  // A device or a pipe would be replaced by a file, not written to.
  if (existing?.isFile() === false) throw fault(flag, file, "it is not a regular file", "name a file");
  // Permissions do not tell of read-only file systems: only writing does.
  const attempt = uniqueName(await realName(file));
  try {
    await writeFile(attempt, "", { flag: "wx" });
    await rm(attempt);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw fault(flag, file, `${folder} takes no new files (${code})`, "choose a folder of your own", cause);
  }
}

/** The path with its links followed, as far as it exists. */
async function realName(file: string): Promise<string> {
  const resolved = path.resolve(file);
  return await realpath(resolved).catch(async () => {
    const folder = await realpath(path.dirname(resolved)).catch(() => path.dirname(resolved));
    return path.join(folder, path.basename(resolved));
  });
}

function fault(flag: string, file: string, reason: string, remedy: string, cause?: unknown): Fault {
  return new Fault("output", flag, `${file === "" ? '""' : file} cannot be written: ${reason}`, remedy, { cause });
}
