import { encodeRunFile } from "../record/run-file.ts";
import type { Store } from "../store/store.ts";

/** A whole run of a store as one file. @throws Fault `store` for a log or bytes that cannot be read */
export async function runAsFile(store: Store, id: string): Promise<Uint8Array<ArrayBuffer>> {
  // The log first: what is kept afterwards, it does not name.
  const entries = await store.read(id);
  const artifacts = new Map<string, Uint8Array>();
  for (const { id: artifact } of await store.artifacts(id)) {
    const bytes = await store.get(id, artifact);
    if (bytes !== undefined) artifacts.set(artifact, bytes);
  }
  return await encodeRunFile({ id, entries, artifacts });
}
