import { Fault } from "../fault/fault.ts";
import { decodeModel } from "../model/decode-model.ts";
import type { Model } from "../model/model.ts";
import type { KeptRun } from "../record/run-record.ts";
import type { Store } from "../store/store.ts";

/** The model that a run has left. @throws Fault `store` where it has left none */
export async function keptModel(store: Store, { id, model, state }: KeptRun): Promise<Model> {
  const bytes = model && (await store.get(id, model.artifact));
  if (bytes !== undefined) return await decodeModel(bytes, id);
  const next =
    state === "diverged" ? "train it with a lower learning rate" : `\`gradus resume ${id}\` brings it to its end`;
  throw new Fault("store", id, `has left no model: ${state}`, next);
}
