import { readFile } from "node:fs/promises";
import { Fault } from "../fault/fault.ts";

/** The bytes of a file that an argument names. @throws Fault `usage` with the remedy, where there is none to read */
export async function readInput(file: string, remedy: string): Promise<Buffer> {
  return await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    const reasons: Readonly<Record<string, string>> = { ENOENT: "there is no such file", EISDIR: "it is a folder" };
    const reason = reasons[cause.code ?? ""] ?? `cannot be read: ${cause.message}`;
    throw new Fault("usage", file === "" ? '""' : file, reason, remedy, { cause });
  });
}
