import { Fault } from "../fault/fault.ts";
import { findRun, readRun } from "../lab/kept-runs.ts";
import { withExistingStore } from "../lab/open-store.ts";
import type { Claim, Store } from "../store/store.ts";
import { conclude, createConsole } from "./console.ts";

/** Characters of a shortened id, at least, where a run is removed. */
const leastCharacters = 6;

interface RemoveOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `gradus rm RUN...` */
export async function removeCommand(references: readonly string[], options: RemoveOptions): Promise<void> {
  const console = createConsole(options);
  const { dryRun = false } = options;
  await withExistingStore(async (store) => {
    const lookups = references.map((reference) => findRun(store, reference, { least: leastCharacters }));
    const ids = [...new Set(await Promise.all(lookups))];
    for (const id of ids) await requireUnprotected(store, id);
    await whileClaimed(store, ids, async () => {
      for (const id of ids) {
        if (!dryRun) await store.remove(id);
        if (!console.json)
          console.say(dryRun ? `would remove ${id}` : `removed ${id}: \`gradus restore ${id}\` takes it back`);
      }
    });
    conclude(console, dryRun ? { wouldRemove: ids } : { removed: ids }, undefined);
  });
}

/** `gradus restore RUN...` */
export async function restoreCommand(
  references: readonly string[],
  options: { readonly json?: boolean },
): Promise<void> {
  const console = createConsole(options);
  await withExistingStore(async (store) => {
    const lookups = references.map((reference) => findRun(store, reference, { removed: true }));
    const ids = [...new Set(await Promise.all(lookups))];
    for (const id of ids) {
      await store.restore(id);
      if (!console.json) console.say(`restored ${id}`);
    }
    conclude(console, { restored: ids }, undefined);
  });
}

async function requireUnprotected(store: Store, id: string): Promise<void> {
  // A run that cannot be read is protected by nothing.
  const run = await readRun(store, id).catch((error) => {
    if (!(error instanceof Fault)) throw error;
  });
  if (run?.isProtected !== true) return;
  const remedy = `\`gradus tag ${id} --unprotect\`, if it may go`;
  throw new Fault("usage", id, "is protected; nothing was removed", remedy);
}

/** All or none: who names a wrong one may have meant others too. */
async function whileClaimed(store: Store, ids: readonly string[], work: () => Promise<void>): Promise<void> {
  const claims: Claim[] = [];
  try {
    for (const id of ids) {
      const claim = await store.claim(id);
      if (claim === undefined) {
        throw new Fault("store", id, "a process trains this run; nothing was removed", "end that process first");
      }
      claims.push(claim);
    }
    await work();
  } finally {
    for (const claim of claims) await claim.release();
  }
}
