import { existsSync } from "node:fs";
import { Fault } from "../fault/fault.ts";
import { kindOfFile } from "../files/kind-of-file.ts";
import { keptModel } from "../lab/kept-model.ts";
import { withRunOrFile } from "../lab/open-store.ts";
import { decodeModel } from "../model/decode-model.ts";
import { decodeModels } from "../model/ensemble-file.ts";
import type { Model } from "../model/model.ts";
import { readInput } from "./read-input.ts";

const remedy = "name a model file";

/**
 * The model that a command names: a model file or, where there is no such file, a run of the store.
 * @throws Fault `usage` where there is neither; Fault `data` for a file that is no model
 */
export async function findModel(reference: string): Promise<Model> {
  if (!existsSync(reference)) return await withRunOrFile(reference, remedy, keptModel);
  return await decodeModel(await modelFile(reference), reference);
}

/** The same, or the models of a file of several. */
export async function findModels(reference: string): Promise<readonly Model[]> {
  if (!existsSync(reference)) return [await findModel(reference)];
  return await decodeModels(await modelFile(reference), reference);
}

async function modelFile(reference: string): Promise<Uint8Array> {
  const bytes = await readInput(reference, `${remedy}, or a run that \`gradus runs\` lists`);
  const kind = kindOfFile(bytes);
  if (kind !== undefined && kind.what !== "a safetensors file") {
    const complaint = `this is ${kind.what}; expected a model as \`gradus train --model FILE\` writes it, or a run`;
    throw new Fault(
      "data",
      reference,
      complaint,
      "name a .safetensors file of Gradus, or a run that `gradus runs` lists",
    );
  }
  return bytes;
}
