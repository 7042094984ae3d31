import { Fault } from "../fault/fault.ts";
import { beingTrained } from "../lab/kept-runs.ts";
import { withRun, withStore } from "../lab/open-store.ts";
import { runAsFile } from "../lab/run-as-file.ts";
import { decodeRunFile } from "../record/run-file.ts";
import type { Store } from "../store/store.ts";
import { conclude, createConsole } from "./console.ts";
import { readInput } from "./read-input.ts";

/** A whole run of the store as one file: `gradus export RUN --out FILE.gradus`. */
export async function runFile(reference: string): Promise<Uint8Array> {
  return await withRun(reference, async (store, { id }) => await runAsFile(store, id));
}

/** What an import found in the store. */
type Arrival = "new" | "same" | "grown" | "ahead";

const words: Readonly<Record<Arrival, (run: string) => string>> = {
  new: (run) => `imported ${run}`,
  same: (run) => `${run} is there already, the same`,
  grown: (run) => `imported what ${run} has become since`,
  ahead: (run) => `${run} is there already, and further than in the file`,
};

/** `gradus import FILE...` */
export async function importCommand(files: readonly string[], options: { readonly json?: boolean }): Promise<void> {
  const console = createConsole(options);
  const imported: { file: string; run: string; isNew: boolean; was: Arrival }[] = [];
  await withStore(async (store) => {
    for (const file of files) {
      const { run, was } = await importRun(store, file);
      if (!console.json) console.say(words[was](run));
      imported.push({ file, run, isNew: was === "new", was });
    }
  });
  conclude(console, { imported }, undefined);
}

async function importRun(store: Store, file: string): Promise<{ run: string; was: Arrival }> {
  const bytes = await readInput(file, "name a file that `gradus export` wrote");
  const { id, entries, artifacts } = await decodeRunFile(bytes, file);
  const claim = await store.claim(id);
  if (claim === undefined) throw beingTrained(id);
  try {
    const existing = await store.read(id);
    const shared = Math.min(existing.length, entries.length);
    if (existing.slice(0, shared).some((entry, i) => entry !== entries[i])) {
      const remedy =
        "`gradus rm` and `gradus doctor --prune` remove the one that is kept; GRADUS_STORE names another store";
      throw new Fault("store", id, `is kept here already, and differs from the one in ${file}`, remedy);
    }
    await store.restore(id);
    if (existing.length > entries.length) return { run: id, was: "ahead" };
    await store.append({ log: id, kind: "run", at: 0, entries, put: [...artifacts.values()] });
    if (existing.length === 0) return { run: id, was: "new" };
    return { run: id, was: existing.length === entries.length ? "same" : "grown" };
  } finally {
    await claim.release();
  }
}
