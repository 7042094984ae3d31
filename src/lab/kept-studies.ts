import { Fault } from "../fault/fault.ts";
import { nearest } from "../fault/nearest.ts";
import { differences } from "../record/spec-difference.ts";
import { show } from "../record/spec-fault.ts";
import { checkSearch } from "../search/check-search.ts";
import type { SearchDocument } from "../search/search-document.ts";
import { decodeStudyEvent, encodeStudyEvent, type StudyEvent } from "../search/study-event.ts";
import { foldAll, foldStudy, type StudyState } from "../search/study-state.ts";
import { decodeStudySummary, encodeStudySummary } from "../search/study-summary.ts";
import type { Append, Store } from "../store/store.ts";

/** Entries after which what the log says so far is kept beside it. */
const SUMMARY_EVERY = 1000;

/** The name of a study's log. */
export function studyLog(name: string): string {
  return `study-${name}`;
}

/** The study that a log is of. */
export function nameOfStudy(log: string): string {
  return log.replace(/^study-/, "");
}

/** A study's log, as it goes on in this process. */
export interface KeptStudy {
  readonly name: string;
  readonly state: StudyState;
  /**
   * The published protocol that it follows: then its runs are the report's, named as it and measured on the test set, and what the
   * store has of them is not trained again.
   */
  readonly replicates?: { readonly experiment: string; readonly keepsModel: boolean };
  /** Entries that go in with the next that are added: a search that is refused before anything was trained leaves nothing. */
  foresee(events: readonly StudyEvent[]): void;
  /**
   * Adds entries, and with them logs of runs, whole or what is not there of them: all or nothing. Where other processes have added
   * to the log meanwhile, theirs come first: only entries that stay true then may be given.
   */
  append(events: readonly StudyEvent[], runs?: readonly Append[]): Promise<void>;
  /** Takes in what other processes have added; whether there was anything. */
  catchUp(): Promise<boolean>;
  /** Adds what `decide` makes of the study as all processes know it; it is asked anew where another was faster. */
  decide(decide: (state: StudyState) => readonly StudyEvent[]): Promise<void>;
}

/** @throws Fault `store` for a log that cannot be read; undefined where there is none */
export async function readStudy(store: Store, name: string): Promise<KeptStudy | undefined> {
  const log = studyLog(name);
  const { from, begun } = await summaryOf(store, log);
  const entries = await store.read(log, from);
  if (from === 0 && entries.length === 0) return undefined;
  const events = entries.map((entry, at) => decodeStudyEvent(entry, `${store.place}: ${log}, entry ${from + at}`));
  if (begun === undefined && events[0].kind !== "created") {
    throw new Fault("store", store.place, `the log of ${log} does not begin as a study's does`, "run `gradus doctor`");
  }
  return growing(store, name, foldAll(begun, events), from + entries.length, from);
}

/** The study as its first `from` entries make it, where that was kept. */
async function summaryOf(store: Store, log: string): Promise<{ from: number; begun: StudyState | undefined }> {
  const stored = (await store.logs({ kind: "study" })).find((candidate) => candidate.log === log);
  const begun = stored?.summary && decodeStudySummary(stored.summary.text);
  return { from: begun === undefined ? 0 : (stored?.summary?.entries ?? 0), begun };
}

/** The study of this name. @throws Fault `usage` where there is none */
export async function requireStudy(store: Store, name: string): Promise<KeptStudy> {
  const study = await readStudy(store, name);
  if (study !== undefined) return study;
  const names = (await store.logs({ kind: "study" })).map(({ log }) => nameOfStudy(log));
  const near = nearest(name, names);
  const complaint = `there is no such study${near === undefined ? "" : `; did you mean "${near}"?`}`;
  const remedy = names.length === 0 ? "begin one with `gradus search SPEC --vary ...`" : `known: ${names.join(", ")}`;
  throw new Fault("usage", name, complaint, remedy);
}

/**
 * The study a document describes: begun, or gone on with where it is there.
 * @throws Fault `spec` for a search that cannot go well, and where the study of that name was begun under another document
 */
export async function openStudy(store: Store, document: SearchDocument): Promise<KeptStudy> {
  checkSearch(document);
  const known = await readStudy(store, document.name);
  if (known === undefined) {
    const newStudy = growing(store, document.name, foldStudy(undefined, { kind: "created", document }), 0);
    return newStudy;
  }
  // Rows of tables are a matter of who looks.
  const changes = differences(known.state.document, document).filter(({ path }) => path !== "top");
  if (changes.length === 0) return known;
  const [{ path, left, right }] = changes;
  const more =
    changes.length > 1
      ? ` (and ${changes.length - 1} more: ${changes
          .slice(1, 4)
          .map((change) => change.path)
          .join(", ")})`
      : "";
  throw new Fault(
    "spec",
    path,
    `the study "${document.name}" was begun with ${show(left)}, and is now to go on with ${show(right)}${more}`,
    "put it back as it was, or give --fork NAME: a study of its own under that name",
  );
}

/** A study that follows a published protocol: its runs go into the store, and what came of them can be read from those. */
export function replicatingStudy(
  store: Store,
  document: SearchDocument,
  replicates: NonNullable<KeptStudy["replicates"]>,
): KeptStudy {
  let state = foldStudy(undefined, { kind: "created", document });
  const foresee = (events: readonly StudyEvent[]) => {
    state = foldAll(state, events);
  };
  return {
    name: document.name,
    replicates,
    get state() {
      return state;
    },
    foresee,
    async append(events, runs = []) {
      if (runs.length > 0) await store.append(...runs);
      foresee(events);
    },
    catchUp: async () => false,
    async decide(decide) {
      foresee(decide(state));
    },
  };
}

function growing(
  store: Store,
  name: string,
  initialState: StudyState,
  length: number,
  summarised = 0, // entries
): KeptStudy {
  const log = studyLog(name);
  let summary = summarised;
  let [state, position] = [initialState, length];
  let waiting: StudyEvent[] = length === 0 ? [{ kind: "created", document: initialState.document }] : [];
  const foresee = (events: readonly StudyEvent[]) => {
    waiting.push(...events);
    state = foldAll(state, events);
  };
  const catchUp = async () => {
    const entries = await store.read(log, position);
    state = foldAll(
      state,
      entries.map((entry, at) => decodeStudyEvent(entry, `${store.place}: ${log}, entry ${position + at}`)),
    );
    position += entries.length;
    return entries.length > 0;
  };
  /** False where the log has gone on: then nothing was added. */
  const add = async (events: readonly StudyEvent[], runs: readonly Append[]) => {
    const entries = [...waiting, ...events].map(encodeStudyEvent);
    if (entries.length === 0) return true;
    try {
      await store.append(...runs, { log, kind: "study", at: position, entries });
    } catch (error) {
      // What has not begun belongs to the process that begins it.
      if (position === 0 || !(error instanceof Fault) || !(await catchUp())) throw error;
      return false;
    }
    position += entries.length;
    waiting = [];
    state = foldAll(state, events);
    if (position - summary >= SUMMARY_EVERY) {
      await store.summarise([{ log, entries: position, text: encodeStudySummary(state) }]);
      summary = position;
    }
    return true;
  };
  return {
    name,
    get state() {
      return state;
    },
    foresee,
    catchUp,
    async append(events, runs = []) {
      while (!(await add(events, runs)));
    },
    async decide(decide) {
      if (position > 0) await catchUp();
      while (!(await add(decide(state), [])));
    },
  };
}
