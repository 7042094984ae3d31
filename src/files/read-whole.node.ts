import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { Fault } from "../fault/fault.ts";
import { unreadable } from "./unreadable.ts";

/**
 * The bytes of a regular file of at most `most` bytes. What is none is refused and never waited for, as a FIFO would be.
 * @throws Fault `data`
 */
export async function readWhole(file: string, most: number): Promise<Uint8Array> {
  const handle = await withPlace(file, () => open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)));
  try {
    const stats = await withPlace(file, () => handle.stat());
    if (!stats.isFile()) {
      const what = stats.isDirectory() ? "a folder" : "neither a file nor a folder";
      throw new Fault("data", file, `expected a file, found ${what}`, "name a file, or take it out of the folder");
    }
    if (stats.size > most) {
      throw unreadable(file, 0, `a file of at most ${most} bytes`, `${stats.size}`, "split it, or make it smaller");
    }
    return await withPlace(file, () => handle.readFile());
  } finally {
    await handle.close();
  }
}

/** What the system says of `file`, as the user's to mend. @throws Fault `data` in place of a system error */
export async function withPlace<Result>(file: string, access: () => Promise<Result>): Promise<Result> {
  try {
    return await access();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    const [complaint, remedy] = reasons[code] ?? [`cannot be read: ${message}`, "check the path and its permissions"];
    throw new Fault("data", file, complaint, remedy, { cause });
  }
}

const reasons: Readonly<Record<string, readonly [complaint: string, remedy: string]>> = {
  ENOENT: ["no such file or folder", "give the path of a data file or folder, from the working directory"],
  ENOTDIR: ["expected a folder, found a file", "name the folder whose folders are the classes"],
  EISDIR: ["expected a file, found a folder", "name a file"],
  EACCES: ["cannot be read: permission denied", "allow yourself to read it: chmod u+rX"],
  EPERM: ["cannot be read: permission denied", "allow yourself to read it: chmod u+rX"],
  ELOOP: ["a link that leads back to itself", "name what the link should lead to"],
  ENXIO: ["expected a file, found a socket or device", "name a file, or take it out of the folder"],
};
