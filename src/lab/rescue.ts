import { tmpdir } from "node:os";
import path from "node:path";
import { Fault } from "../fault/fault.ts";
import { writeWhole } from "../files/whole-file.node.ts";
import type { Store } from "../store/store.ts";
import { runAsFile } from "./run-as-file.ts";

/**
 * Saves runs whose store has gone from its place while they were trained: what is open can still be read, and is written
 * beside where the store was, or where that has gone too, into the folder for temporary files. Returns what to tell.
 */
export async function rescued(store: Store, runs: readonly string[], fault: Fault): Promise<Fault> {
  const files: string[] = [];
  for (const run of runs) {
    const file = await rescue(store, run);
    if (file !== undefined) files.push(file);
  }
  const { place, complaint, remedy, cause } = fault;
  if (files.length < runs.length) {
    const lost = `${complaint}; ${runs.length - files.length} of ${runs.length} runs could not be saved elsewhere`;
    return new Fault("store", place, lost, remedy, { cause });
  }
  const again = `\`gradus import ${files.join(" ")}\` takes ${files.length === 1 ? "it" : "them"} into a store`;
  return new Fault("store", place, `${complaint}; what was trained is saved in ${files.join(", ")}`, again, { cause });
}

/** The file that a run was saved in; undefined where it cannot be read any more, or nothing can be written. */
async function rescue(store: Store, run: string): Promise<string | undefined> {
  const bytes = await runAsFile(store, run).catch(nothingOfFault);
  if (bytes === undefined) return undefined;
  for (const folder of [path.dirname(path.resolve(store.place)), tmpdir()]) {
    const file = path.join(folder, `${run}.gradus`);
    try {
      await writeWhole(file, bytes);
      return file;
    } catch {
      // The next folder may do.
    }
  }
  return undefined;
}

function nothingOfFault(error: unknown): undefined {
  if (!(error instanceof Fault)) throw error;
}
