import { Fault } from "../fault/fault.ts";
import { encodeRunEvent } from "../record/run-event.ts";
import type { KeptRun } from "../record/run-record.ts";
import type { Store } from "../store/store.ts";
import { readRun } from "./kept-runs.ts";

/** What people say of a run; what is absent stays as it is. */
export interface Labels {
  readonly name?: string | undefined;
  readonly notes?: string | undefined;
  readonly isProtected?: boolean | undefined;
  /** Tags to add, and tags to take away. */
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/** Labels a run, also while its process is writing to its log. @throws Fault `usage` for a tag or a name that is none; Fault `store` */
export async function labelRun(store: Store, id: string, labels: Labels): Promise<KeptRun> {
  const { name, notes, isProtected, add = [], remove = [] } = labels;
  for (const tag of [...add, ...remove]) requireTag(tag);
  if (name === "") throw new Fault("usage", "name", "it is empty", "give a name");
  for (let attempt = 1; ; attempt++) {
    const { tags, entries } = await readRun(store, id);
    const event = {
      kind: "labelled",
      tags: [...new Set([...tags, ...add])].filter((tag) => !remove.includes(tag)),
      ...(name === undefined ? {} : { name }),
      ...(notes === undefined ? {} : { notes }),
      ...(isProtected === undefined ? {} : { isProtected }),
    } as const;
    try {
      await store.append({ log: id, kind: "run", at: entries, entries: [encodeRunEvent(event)] });
      return await readRun(store, id);
    } catch (error) {
      if (!(error instanceof Fault) || attempt === 20) throw error;
    }
  }
}

export function requireTag(tag: string): void {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._:+-]{0,49}$/u.test(tag)) return;
  const remedy = "use letters, digits and . _ : + -, 50 at most, a letter or digit first";
  throw new Fault("usage", "tag", `${JSON.stringify(tag)} is no tag`, remedy);
}
