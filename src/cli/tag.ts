import { Fault } from "../fault/fault.ts";
import { findRun, readRun } from "../lab/kept-runs.ts";
import { withExistingStore } from "../lab/open-store.ts";
import { encodeRunEvent } from "../record/run-event.ts";
import type { Store } from "../store/store.ts";
import { conclude, createConsole } from "./console.ts";

interface TagOptions {
  readonly remove?: readonly string[];
  readonly name?: string;
  readonly notes?: string;
  readonly protect?: boolean;
  readonly unprotect?: boolean;
  readonly json?: boolean;
}

/** `gradus tag RUN [TAG...]` */
export async function tagCommand(reference: string, tags: readonly string[], options: TagOptions): Promise<void> {
  const console = createConsole(options);
  const { remove = [], name, notes, protect = false, unprotect = false } = options;
  for (const tag of [...tags, ...remove]) requireTag(tag);
  if (name === "") throw new Fault("usage", "--name", "it is empty", "give a name");
  if (protect && unprotect) throw new Fault("usage", "--unprotect", "contradicts --protect", "give one of the two");
  const isProtected = protect || unprotect ? protect : undefined;
  if (tags.length + remove.length === 0 && name === undefined && notes === undefined && isProtected === undefined) {
    const remedy = "give tags, --remove, --name, --notes, --protect or --unprotect";
    throw new Fault("usage", "tag", "nothing is to be changed", remedy);
  }
  await withExistingStore(async (store) => {
    const id = await findRun(store, reference);
    await label(store, id);
    const run = await readRun(store, id);
    const { isProtected: isKept = false } = run;
    const words = [run.name, ...run.tags.map((tag) => `#${tag}`), ...(isKept ? ["(protected)"] : [])];
    if (!console.json) console.say(`${id}: ${words.join(" ")}`);
    const { name: runName, tags: runTags, notes: runNotes } = run;
    conclude(console, { run: id, name: runName, tags: runTags, notes: runNotes, isProtected: isKept }, undefined);
  });

  /** Its process may be writing to the log at the same time. */
  async function label(store: Store, id: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const { tags: own, entries } = await readRun(store, id);
      const kept = [...new Set([...own, ...tags])].filter((tag) => !remove.includes(tag));
      const event = {
        kind: "labelled",
        tags: kept,
        ...(name && { name }),
        ...(notes !== undefined && { notes }),
        ...(isProtected !== undefined && { isProtected }),
      } as const;
      try {
        await store.append({ log: id, kind: "run", at: entries, entries: [encodeRunEvent(event)] });
        return;
      } catch (error) {
        if (!(error instanceof Fault) || attempt === 20) throw error;
      }
    }
  }
}

function requireTag(tag: string): void {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._:+-]{0,49}$/u.test(tag)) return;
  const remedy = "use letters, digits and . _ : + -, 50 at most, a letter or digit first";
  throw new Fault("usage", "tag", `${JSON.stringify(tag)} is no tag`, remedy);
}
