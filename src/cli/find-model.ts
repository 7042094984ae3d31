import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Fault } from "../fault/fault.ts";
import { decodeModel } from "../model/decode-model.ts";
import type { Model } from "../model/model.ts";
import { storeFile } from "../store/sqlite-store.node.ts";
import { findRun, readRun, storeFolder, withExistingStore } from "./lab.ts";

/**
 * The model that a command names: a model file or, where there is no such file, a run of the store.
 * @throws Fault `usage` where there is neither; Fault `data` for a file that is no model
 */
export async function findModel(reference: string): Promise<Model> {
  const bytes = await readFile(reference).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    const reason = cause.code === "EISDIR" ? "it is a folder" : `cannot be read: ${cause.message}`;
    throw new Fault("usage", placeOf(reference), reason, missing.remedy, { cause });
  });
  return bytes === undefined ? await modelOfRun(reference) : await decodeModel(bytes, reference);
}

const missing = {
  complaint: "there is no such file, and no such run",
  remedy: "name a model file, or a run that `gradus runs` lists",
};

async function modelOfRun(reference: string): Promise<Model> {
  if (!existsSync(storeFile(storeFolder()))) {
    throw new Fault("usage", placeOf(reference), missing.complaint, missing.remedy);
  }
  return await withExistingStore(async (store) => {
    const { id, model, state } = await readRun(store, await findRun(store, reference, missing));
    const bytes = model && (await store.get(id, model.artifact));
    if (bytes !== undefined) return await decodeModel(bytes, id);
    const next =
      state === "diverged" ? "train it with a lower learning rate" : `\`gradus resume ${id}\` brings it to its end`;
    throw new Fault("store", id, `has left no model: ${state}`, next);
  });
}

function placeOf(reference: string): string {
  return reference === "" ? '""' : reference;
}
