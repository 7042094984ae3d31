import { existsSync } from "node:fs";
import { keptModel } from "../lab/kept-model.ts";
import { withRunOrFile } from "../lab/open-store.ts";
import { decodeModel } from "../model/decode-model.ts";
import type { Model } from "../model/model.ts";
import { readInput } from "./read-input.ts";

const remedy = "name a model file";

/**
 * The model that a command names: a model file or, where there is no such file, a run of the store.
 * @throws Fault `usage` where there is neither; Fault `data` for a file that is no model
 */
export async function findModel(reference: string): Promise<Model> {
  if (!existsSync(reference)) return await withRunOrFile(reference, remedy, keptModel);
  return await decodeModel(await readInput(reference, `${remedy}, or a run that \`gradus runs\` lists`), reference);
}
