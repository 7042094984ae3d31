import { access, constants, stat } from "node:fs/promises";
import path from "node:path";
import { writeWhole } from "../data/whole-file.node.ts";
import { Fault } from "../fault/fault.ts";

/**
 * Refuses, before any work is done, an output that could not be written at its end.
 * @throws Fault `output` naming the flag, the file and the remedy.
 */
export async function checkOutput(flag: string, file: string | undefined): Promise<void> {
  if (file === undefined) return;
  const folder = path.dirname(path.resolve(file));
  const kind = await stat(folder).catch(() => undefined);
  if (kind === undefined) throw fault(flag, file, `there is no folder ${folder}`, "make the folder first");
  if (!kind.isDirectory()) throw fault(flag, file, `${folder} is not a folder`, "name a file in a folder");
  const existing = await stat(file).catch(() => undefined);
  if (existing?.isDirectory()) throw fault(flag, file, "it is a folder", "name a file in it");
  await access(folder, constants.W_OK).catch((cause: unknown) => {
    throw fault(flag, file, `${folder} cannot be written to`, "choose a folder of your own", cause);
  });
}

/** Writes a whole file or none. @throws Fault `output` */
export async function writeOutput(flag: string, file: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeWhole(file, content);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw fault(flag, file, reason, "free some space or choose another folder; nothing was left behind", cause);
  }
}

function fault(flag: string, file: string, reason: string, remedy: string, cause?: unknown): Fault {
  return new Fault("output", flag, `${file} cannot be written: ${reason}`, remedy, { cause });
}
