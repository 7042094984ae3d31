import { rm } from "node:fs/promises";
import { Fault } from "../fault/fault.ts";
import { ownName, publish } from "../files/whole-file.node.ts";
import { requireStore, storeFolder } from "../lab/open-store.ts";
import { decodeCheckpoint } from "../record/checkpoint-file.ts";
import { decodeRunEvent, type RunEvent } from "../record/run-event.ts";
import { runRecord } from "../record/run-record.ts";
import { salvage } from "../store/salvage.node.ts";
import { openSqliteStore, type SqliteStore, storeFile } from "../store/sqlite-store.node.ts";
import { type Console, conclude, createConsole } from "./console.ts";
import { checkOutputs } from "./output-file.ts";

interface DoctorOptions {
  readonly repair?: boolean;
  readonly backup?: string;
  readonly json?: boolean;
}

/** Something that is wrong with a store, and what was done about it. */
interface Finding {
  readonly what: string;
  /** What `--repair` did; absent without it, and where nothing can be done. */
  readonly repaired?: string;
  /** What can be done; for those that nothing has been done about. */
  readonly remedy?: string;
}

/** `gradus doctor` */
export async function doctorCommand(options: DoctorOptions): Promise<void> {
  const console = createConsole(options);
  const { repair = false, backup } = options;
  await checkOutputs([{ flag: "--backup", file: backup }]);
  requireStore();
  const folder = storeFolder();
  const findings: Finding[] = await examineFile(folder, repair);
  // A damaged file gives no more answers.
  if (findings.every(({ repaired }) => repaired !== undefined)) {
    const store = await openSqliteStore(folder);
    try {
      findings.push(...(await examineRuns(store, repair)));
      if (backup !== undefined) await backUp(store, backup);
    } finally {
      await store.close();
    }
  }
  say(console, folder, findings, backup);
  const left = findings.filter(({ repaired }) => repaired === undefined);
  const failure =
    left.length === 0
      ? undefined
      : new Fault(
          "store",
          folder,
          `${left.length} of its parts ${left.length === 1 ? "is" : "are"} damaged`,
          left[0].remedy ?? "",
        );
  conclude(console, { store: folder, findings, ...(backup === undefined ? {} : { backup }) }, failure);
}

/** The file as SQLite sees it. */
async function examineFile(folder: string, repair: boolean): Promise<Finding[]> {
  const problems = await problemsOf(folder);
  if (problems.length === 0) return [];
  if (!repair) {
    const remedy = "`gradus doctor --repair` saves what can be read into a new file";
    return problems.map((what) => ({ what, remedy }));
  }
  const { saved, lost, old } = await salvage(storeFile(folder));
  const done = `${saved} entries and pieces were saved; the damaged file is ${old}`;
  return [
    ...problems.map((what) => ({ what, repaired: done })),
    ...(lost ? [{ what: "a part of the file could not be read", repaired: "what it held is lost" }] : []),
  ];
}

async function problemsOf(folder: string): Promise<readonly string[]> {
  try {
    const store = await openSqliteStore(folder);
    try {
      return store.integrity().map((text) => `${store.file}: ${text}`);
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof Fault && /damaged|not a database/.test(error.complaint)) return [error.message];
    throw error;
  }
}

/** Notes what is wrong; `mend`, which says what it did, is called with `--repair` only. */
type Found = (what: string, does: string, mend: () => Promise<string>) => Promise<void>;

/** What the file holds: logs that tell of a run, and the bytes they name. */
async function examineRuns(store: SqliteStore, repair: boolean): Promise<Finding[]> {
  const findings: Finding[] = [];
  const found: Found = async (what, does, mend) => {
    const remedy = `\`gradus doctor --repair\` ${does}`;
    findings.push(repair ? { what, repaired: await mend() } : { what, remedy });
  };
  const logs = await store.runs();
  for (const { run, entries } of logs) {
    // A run that is being trained is in its process's hands.
    const claim = await store.claim(run);
    if (claim === undefined) continue;
    try {
      await examineRun(store, run, entries, found);
    } finally {
      await claim.release();
    }
  }
  const known = new Set(logs.map(({ run }) => run));
  for (const { run, id } of await store.artifacts()) {
    if (!known.has(run))
      await found(`${run}: bytes ${id.slice(0, 12)} of no run`, "drops them", () => drop(store, run, id));
  }
  return findings;
}

async function examineRun(store: SqliteStore, run: string, length: number, found: Found): Promise<void> {
  const entries = store.readSound(run);
  const events = soundEvents(run, entries);
  const sound = events.length;
  if (sound === 0) {
    await found(`${run}: the first entry of its log cannot be read`, "removes the run", async () => {
      await store.remove(run);
      return "the run was removed";
    });
    return;
  }
  const named = artifactsNamed(events);
  if (sound < length) {
    const again = `\`gradus resume ${run}\` computes it again`;
    await found(`${run}: entry ${sound} of its log cannot be read`, `cuts the log off there: ${again}`, async () => {
      store.cut(run, sound);
      for (const { id } of await store.artifacts(run)) if (!named.has(id)) await store.drop(run, id);
      return `the log was cut off there: ${again}`;
    });
    return;
  }
  for (const { id } of await store.artifacts(run)) {
    const wrong = await wrongWith(store, run, id, named.get(id));
    if (wrong !== undefined)
      await found(wrong, "drops them: an older checkpoint takes their place", () => drop(store, run, id));
  }
}

async function drop(store: SqliteStore, run: string, id: string): Promise<string> {
  await store.drop(run, id);
  return "they were dropped";
}

/** The events of these entries, from the first, that are a run's log. */
function soundEvents(run: string, entries: readonly string[]): readonly RunEvent[] {
  const events: RunEvent[] = [];
  for (const entry of entries) {
    try {
      events.push(decodeRunEvent(entry, run));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      break;
    }
  }
  return runRecord(run, events) === undefined ? [] : events;
}

/** What a log says its run keeps. */
function artifactsNamed(events: readonly RunEvent[]): ReadonlyMap<string, "checkpoint" | "model"> {
  const kept = events.filter((event) => event.kind === "kept");
  return new Map(kept.map(({ artifact, what }) => [artifact, what]));
}

async function wrongWith(
  store: SqliteStore,
  run: string,
  id: string,
  what: "checkpoint" | "model" | undefined,
): Promise<string | undefined> {
  const name = `${run}: bytes ${id.slice(0, 12)}`;
  if (what === undefined) return `${name}: its log does not name them`;
  try {
    const bytes = await store.get(run, id);
    if (what === "checkpoint" && bytes !== undefined) await decodeCheckpoint(bytes, name);
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return `${name}, a ${what}: ${error.complaint}`;
  }
}

async function backUp(store: SqliteStore, file: string): Promise<void> {
  const temporary = ownName(file);
  try {
    await store.backup(temporary);
    await publish(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function say(console: Console, folder: string, findings: readonly Finding[], backup: string | undefined): void {
  if (console.json) return;
  if (findings.length === 0) console.say(`${folder} is sound`);
  for (const { what, repaired } of findings) console.say(repaired === undefined ? what : `${what}\n  ${repaired}`);
  if (backup !== undefined) console.say(`backed up into ${backup}: as ${"`runs.sqlite`"} in a folder, it is a store`);
}
