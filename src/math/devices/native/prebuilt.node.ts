import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Dtype } from "../../device.ts";
import { processorFlags, sourcesHash } from "./compiler.node.ts";

/** A library that was compiled where the package was made (`scripts/prebuild-native.js`). */
export interface Prebuilt {
  /** In the folder of its list. */
  readonly file: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly dtype: Dtype;
  /** What the processor must have, as Linux names it; nothing where all of this architecture do. */
  readonly flags: readonly string[];
  readonly sha256: string;
}

/** `libraries.json`: the best for a machine first. */
export interface PrebuiltList {
  /** `sourcesHash` of the kernels they were compiled from. */
  readonly sources: string;
  readonly libraries: readonly Prebuilt[];
}

/** Where a package has them, if it does. */
const prebuiltFolder = path.join(import.meta.dirname, "prebuilt");

/**
 * The one for this machine, with its whole path; undefined where the package has none, or has those of other kernels than its
 * own, or the file is not what the list says.
 */
export function findPrebuilt(
  dtype: Dtype,
  folder: string = prebuiltFolder,
  { platform, arch, flags = processorFlags() ?? "" } = process as Pick<NodeJS.Process, "platform" | "arch"> & {
    flags?: string;
  },
): Prebuilt | undefined {
  let list: PrebuiltList;
  try {
    list = JSON.parse(readFileSync(path.join(folder, "libraries.json"), "utf8"));
  } catch {
    return undefined; // no list, as in a clone
  }
  if (list.sources !== sourcesHash()) return undefined;
  const has = new Set(flags.split(/\s+/));
  const fitting = list.libraries.find(
    (library) =>
      library.platform === platform &&
      library.arch === arch &&
      library.dtype === dtype &&
      library.flags.every((flag) => has.has(flag)),
  );
  if (fitting === undefined) return undefined;
  const file = path.join(folder, fitting.file);
  return sha256Of(file) === fitting.sha256 ? { ...fitting, file } : undefined;
}

function sha256Of(file: string): string | undefined {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch {
    return undefined;
  }
}
