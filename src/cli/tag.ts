import { Fault } from "../fault/fault.ts";
import { findRun } from "../lab/kept-runs.ts";
import { labelRun } from "../lab/label-run.ts";
import { withExistingStore } from "../lab/open-store.ts";
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
  if (protect && unprotect) throw new Fault("usage", "--unprotect", "contradicts --protect", "give one of the two");
  const isProtected = protect || unprotect ? protect : undefined;
  if (tags.length + remove.length === 0 && name === undefined && notes === undefined && isProtected === undefined) {
    const remedy = "give tags, --remove, --name, --notes, --protect or --unprotect";
    throw new Fault("usage", "tag", "nothing is to be changed", remedy);
  }
  await withExistingStore(async (store) => {
    const id = await findRun(store, reference);
    const run = await labelRun(store, id, { name, notes, isProtected, add: tags, remove });
    const { isProtected: isKept = false } = run;
    const words = [run.name, ...run.tags.map((tag) => `#${tag}`), ...(isKept ? ["(protected)"] : [])];
    if (!console.json) console.say(`${id}: ${words.join(" ")}`);
    const { name: runName, tags: runTags, notes: runNotes } = run;
    conclude(console, { run: id, name: runName, tags: runTags, notes: runNotes, isProtected: isKept }, undefined);
  });
}
