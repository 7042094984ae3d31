import { Fault } from "../fault/fault.ts";
import { findRun } from "../lab/kept-runs.ts";
import { withExistingStore } from "../lab/open-store.ts";
import { conclude, createConsole } from "./console.ts";

/** `gradus rm RUN...` */
export async function removeCommand(
  references: readonly string[],
  options: { readonly json?: boolean },
): Promise<void> {
  const console = createConsole(options);
  await withExistingStore(async (store) => {
    const ids = [...new Set(await Promise.all(references.map((reference) => findRun(store, reference))))];
    // All or none: who names a wrong one may have meant others too.
    const claims = await Promise.all(ids.map((id) => store.claim(id)));
    try {
      const busy = ids.find((_, i) => claims[i] === undefined);
      if (busy !== undefined) {
        throw new Fault("store", busy, "a process trains this run; nothing was removed", "end that process first");
      }
      for (const id of ids) {
        await store.remove(id);
        if (!console.json) console.say(`removed ${id}`);
      }
    } finally {
      for (const claim of claims) await claim?.release();
    }
    conclude(console, { removed: ids }, undefined);
  });
}
