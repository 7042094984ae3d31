import { existsSync } from "node:fs";
import { Fault } from "../fault/fault.ts";
import { beingTrained, findRun } from "../lab/kept-runs.ts";
import { storeAddress } from "../lab/open-store.ts";
import { openStore } from "../store/open-store.node.ts";
import { isPostgresAddress } from "../store/postgres-address.node.ts";
import type { Store } from "../store/store.ts";
import { storeFile } from "../store/store-address.node.ts";
import { conclude, createConsole } from "./console.ts";

interface CopyOptions {
  readonly from?: string;
  readonly to?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `gradus copy RUN... --from STORE --to STORE` */
export async function copyCommand(references: readonly string[], options: CopyOptions): Promise<void> {
  const console = createConsole(options);
  const { from = storeAddress(), to = storeAddress(), all = false } = options;
  if (from === to) {
    throw new Fault(
      "usage",
      "--to",
      "the store to copy into is the one to copy from",
      "name another with --to or --from",
    );
  }
  if (references.length === 0 && !all) {
    throw new Fault("usage", "copy", "no run is named", "give ids, or --all for every run and study");
  }
  if (!isPostgresAddress(from) && !existsSync(storeFile(from))) {
    throw new Fault("store", from, "no runs are kept here", "name the folder of a store, or the address of a database");
  }
  const source = await openStore(from);
  try {
    const target = await openStore(to);
    try {
      const logs = all
        ? (await source.logs()).map(({ log }) => log)
        : await Promise.all(references.map((reference) => findRun(source, reference)));
      const copied: { log: string; entries: number; isNew: boolean }[] = [];
      for (const log of new Set(logs)) {
        const result = await copyLog(source, target, log);
        copied.push({ log, ...result });
        if (!console.json) console.say(result.isNew ? `copied ${log}` : `${log} is there already, as far as it goes`);
      }
      conclude(console, { from: source.place, to: target.place, copied }, undefined);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** What the target has of it already must be the same. */
async function copyLog(source: Store, target: Store, log: string): Promise<{ entries: number; isNew: boolean }> {
  const claim = await target.claim(log);
  if (claim === undefined) throw beingTrained(log);
  try {
    const [{ kind, summary }] = (await source.logs()).filter((listed) => listed.log === log);
    // The log first: what is kept afterwards, it does not name.
    const entries = await source.read(log);
    const existing = await target.read(log);
    if (existing.slice(0, entries.length).some((entry, i) => entry !== entries[i])) {
      throw new Fault(
        "store",
        log,
        `${target.place} has another log of that name`,
        "remove it there first: `gradus rm`",
      );
    }
    if (existing.length > entries.length) return { entries: existing.length, isNew: false };
    const pieces: Uint8Array[] = [];
    for (const { id } of await source.artifacts(log)) {
      const bytes = await source.get(log, id);
      if (bytes !== undefined) pieces.push(bytes);
    }
    await target.restore(log);
    await target.append({ log, kind, at: 0, entries, put: pieces });
    if (summary !== undefined) await target.summarise([{ log, ...summary }]);
    return { entries: entries.length, isNew: existing.length < entries.length };
  } finally {
    await claim.release();
  }
}
