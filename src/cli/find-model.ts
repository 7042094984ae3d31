import { readFile } from "node:fs/promises";
import { Fault } from "../fault/fault.ts";
import { decodeModel } from "../model/decode-model.ts";
import type { Model } from "../model/model.ts";

/**
 * The model that a command names: a model file or, where there is no such file, a run of the store.
 * @throws Fault `usage` where there is neither; Fault `data` for a file that is no model
 */
export async function findModel(reference: string): Promise<Model> {
  const bytes = await readFile(reference).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    const reason = cause.code === "EISDIR" ? "it is a folder" : `cannot be read: ${cause.message}`;
    throw new Fault("usage", placeOf(reference), reason, remedy, { cause });
  });
  return bytes === undefined ? await modelOfRun(reference) : await decodeModel(bytes, reference);
}

const remedy = "name a file that `gradus train --model FILE` wrote";

async function modelOfRun(reference: string): Promise<Model> {
  throw new Fault("usage", placeOf(reference), "there is no such file", remedy);
}

function placeOf(reference: string): string {
  return reference === "" ? '""' : reference;
}
