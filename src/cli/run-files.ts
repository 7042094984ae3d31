import { Fault } from "../fault/fault.ts";
import { withRun, withStore } from "../lab/open-store.ts";
import { decodeRunFile, encodeRunFile } from "../record/run-file.ts";
import type { Store } from "../store/store.ts";
import { conclude, createConsole } from "./console.ts";
import { readInput } from "./read-input.ts";

/** A whole run of the store as one file: `gradus export RUN --out FILE.gradus`. */
export async function runFile(reference: string): Promise<Uint8Array> {
  return await withRun(reference, async (store, { id }) => {
    // The log first: what is kept afterwards, it does not name.
    const entries = await store.read(id);
    const artifacts = new Map<string, Uint8Array>();
    for (const { id: artifact } of await store.artifacts(id)) {
      const bytes = await store.get(id, artifact);
      if (bytes !== undefined) artifacts.set(artifact, bytes);
    }
    return await encodeRunFile({ id, entries, artifacts });
  });
}

/** `gradus import FILE...` */
export async function importCommand(files: readonly string[], options: { readonly json?: boolean }): Promise<void> {
  const console = createConsole(options);
  const imported: { file: string; run: string; isNew: boolean }[] = [];
  await withStore(async (store) => {
    for (const file of files) {
      const one = await importRun(store, file);
      if (!console.json) console.say(one.isNew ? `imported ${one.run}` : `${one.run} is there already, the same`);
      imported.push({ file, ...one });
    }
  });
  conclude(console, { imported }, undefined);
}

async function importRun(store: Store, file: string): Promise<{ run: string; isNew: boolean }> {
  const bytes = await readInput(file, "name a file that `gradus export` wrote");
  const { id, entries, artifacts } = await decodeRunFile(bytes, file);
  const there = await store.read(id);
  const isSame = there.length === entries.length && there.every((entry, i) => entry === entries[i]);
  if (there.length > 0 && !isSame) {
    const remedy = "`gradus rm` removes the one that is kept; GRADUS_STORE names another store";
    throw new Fault("store", id, `is kept here already, and differs from the one in ${file}`, remedy);
  }
  const claim = await store.claim(id);
  if (claim === undefined) throw new Fault("store", id, "a process trains this run", "wait for its end");
  try {
    await store.append({ log: id, kind: "run", at: 0, entries, put: [...artifacts.values()] });
  } finally {
    await claim.release();
  }
  return { run: id, isNew: there.length === 0 };
}
