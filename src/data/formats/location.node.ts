import { stat } from "node:fs/promises";
import { Fault } from "../../fault/fault.ts";
import { withPlace } from "../../files/read-whole.node.ts";

/** Where a dataset lies: a file or folder, and the part of it that `#train` behind the name asks for. */
export interface Location {
  readonly file: string;
  readonly isFolder: boolean;
  readonly part?: string | undefined;
}

/** @throws Fault `data` for a path that leads nowhere */
export async function locate(place: string): Promise<Location> {
  const [, before, part] = place.match(/^(.+)#([^#/\\]+)$/) ?? [];
  // A file may have a # in its own name.
  const whole = await statOf(place);
  const stats = whole ?? (before === undefined ? undefined : await statOf(before));
  if (stats === undefined || !(stats.isFile() || stats.isDirectory())) {
    const what = stats === undefined ? "no such file or folder" : "neither a file nor a folder";
    throw new Fault("data", place, what, "give the path of a data file, from the working directory");
  }
  return { file: whole === undefined ? before : place, isFolder: stats.isDirectory(), part: whole ? undefined : part };
}

/** What lies under a path; undefined where nothing does. @throws Fault `data` where it may not be looked at */
export async function statOf(file: string) {
  return await withPlace(file, async () => {
    try {
      return await stat(file);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ERR_INVALID_ARG_VALUE"].includes(code)) return undefined;
      throw error;
    }
  });
}
