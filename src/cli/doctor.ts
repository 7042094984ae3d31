import { rm } from "node:fs/promises";
import { Fault } from "../fault/fault.ts";
import { publish, uniqueName } from "../files/whole-file.node.ts";
import { lostPositions, readLogState } from "../lab/log-state.ts";
import { requireStore, storeAddress } from "../lab/open-store.ts";
import { isRun, repairLog } from "../lab/repair-log.ts";
import { isStudy, repairedStudy, repairStudy } from "../lab/repair-study.ts";
import { decodeRunEvent } from "../record/run-event.ts";
import { decodeStudyEvent } from "../search/study-event.ts";
import { openStore } from "../store/open-store.node.ts";
import { isPostgresAddress, shownAddress } from "../store/postgres-address.node.ts";
import { salvage } from "../store/salvage.node.ts";
import { isDamage } from "../store/sqlite-database.node.ts";
import type { Store, StoredLog } from "../store/store.ts";
import { storeFile } from "../store/store-address.node.ts";
import { type Console, conclude, createConsole } from "./console.ts";
import { checkOutputs, notWritten } from "./output-file.ts";

interface DoctorOptions {
  readonly repair?: boolean;
  readonly backup?: string;
  readonly prune?: boolean;
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
  const { repair = false, backup, prune = false } = options;
  await checkOutputs([{ flag: "--backup", file: backup }]);
  requireStore();
  const address = storeAddress();
  const isDatabase = isPostgresAddress(address);
  const folder = isDatabase ? shownAddress(address) : address;
  const findings: Finding[] = isDatabase ? await examineDatabase(address) : await examineFile(folder, repair);
  let pruned: readonly string[] = [];
  // A damaged file gives no more answers.
  if (findings.every(({ repaired }) => repaired !== undefined)) {
    const store = await openStore(address);
    try {
      // A database's owner has other ways to keep what was.
      const keep = isDatabase ? async () => "in the database's backups" : keeping(store, folder);
      for (const finding of await examineLogs(store, repair ? keep : undefined)) findings.push(finding);
      if (backup !== undefined) await backUp(store, backup);
      if (prune) pruned = await store.maintenance.prune();
    } finally {
      await store.close();
    }
  }
  say(console, folder, findings, backup);
  if (prune && !console.json)
    console.say(`emptied the trash: ${pruned.length === 0 ? "it was empty" : pruned.join(", ")}`);
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
  conclude(
    console,
    { store: folder, findings, ...(backup === undefined ? {} : { backup }), ...(prune ? { pruned } : {}) },
    failure,
  );
}

/** Copies the store beside itself before the first thing in it is changed; says where to. */
function keeping(store: Store, folder: string): () => Promise<string> {
  let original: Promise<string> | undefined;
  const keep = async () => {
    const file = uniqueName(`${storeFile(folder)}.damaged`);
    await backUp(store, file, "--repair");
    return file;
  };
  return () => {
    original ??= keep();
    return original;
  };
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

/** What the database is missing of what it noted. */
async function examineDatabase(address: string): Promise<Finding[]> {
  const store = await openStore(address);
  try {
    const remedy = "restore the database from a backup, or drop these bytes: an older checkpoint takes their place";
    return (await store.maintenance.integrity()).map((what) => ({ what, remedy }));
  } finally {
    await store.close();
  }
}

async function problemsOf(folder: string): Promise<readonly string[]> {
  try {
    const store = await openStore(folder);
    try {
      return (await store.maintenance.integrity()).map((text) => `${storeFile(folder)}: ${text}`);
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof Fault && isDamage(error)) return [error.message];
    throw error;
  }
}

/** Notes what is wrong; `mend`, which says what it did, is called with `--repair` only, and under a claim. */
type Report = (what: string, does: string, mend: () => Promise<string>) => Promise<void>;

/** What the file holds: logs that tell of a run, and the bytes they name. `keep` keeps the damaged original. */
async function examineLogs(store: Store, keep: (() => Promise<string>) | undefined): Promise<Finding[]> {
  const findings: Finding[] = [];
  const report: Report = async (what, does, mend) => {
    if (keep === undefined) {
      findings.push({ what, remedy: `\`gradus doctor --repair\` ${does}` });
      return;
    }
    const original = await keep();
    findings.push({ what, repaired: `${await mend()}; the damaged original is ${original}` });
  };
  await examineNotes(store, report);
  const logs = await everyLog(store);
  for (const log of logs) {
    // A run that is being trained is in its process's hands. Looking, which a folder that is read only permits, claims nothing.
    const claim = keep === undefined ? undefined : await store.claim(log.log);
    if (keep === undefined ? await store.isClaimed(log.log) : claim === undefined) continue;
    try {
      const examine = log.kind === "run" ? examineRun : log.kind === "study" ? examineStudy : undefined;
      for (const finding of (await examine?.(store, log, report)) ?? []) findings.push(finding);
      await examineArtifacts(store, log.log, report);
    } finally {
      await claim?.release();
    }
  }
  const known = new Set(logs.map(({ log }) => log));
  for (const { log, id } of await store.artifacts()) {
    if (known.has(log)) continue;
    await report(`${log}: bytes ${id.slice(0, 12)} of no run`, "drops them", () => drop(store, log, id));
  }
  return findings;
}

/** Those in the trash too. */
async function everyLog(store: Store): Promise<readonly StoredLog[]> {
  return [...(await store.logs()), ...(await store.logs({ removed: true }))];
}

/** What the store itself notes of its logs. Without it, nothing can be listed. */
async function examineNotes(store: Store, report: Report): Promise<void> {
  for (const log of await store.maintenance.damagedLogs()) {
    const does = "writes that anew from the log's entries";
    await report(`${log}: what the store notes of it is damaged`, does, async () => {
      const kind = isRun(await readLogState(store, log, 0, decodeRunEvent))
        ? "run"
        : isStudy(await readLogState(store, log, 0, decodeStudyEvent))
          ? "study"
          : "unknown";
      await store.maintenance.renew(log, kind);
      return "that was written anew from the log's entries";
    });
  }
}

async function examineRun(store: Store, { log: run, entries }: StoredLog, report: Report): Promise<Finding[]> {
  const state = await readLogState(store, run, entries, decodeRunEvent);
  const lost = lostPositions(state);
  if (!isRun(state) && lost.length > 0) {
    const what = `${run}: nothing in its log that can be read says what it was`;
    await report(what, "puts it into the trash", async () => {
      await store.remove(run);
      return "it was put into the trash: `gradus runs --removed`";
    });
  } else if (lost.length > 0) {
    await report(unreadable(run, lost), "marks what is lost, and keeps everything else", async () => {
      const count = await repairLog(store, run, state);
      if (count === 0) return "what stood there was worked out from the rest";
      return `${count === 1 ? "it is" : `${count} are`} marked as lost, and everything else of the run is kept`;
    });
  }
  return notUnderstood(run, state.strange);
}

async function examineStudy(store: Store, { log, entries }: StoredLog, report: Report): Promise<Finding[]> {
  const state = await readLogState(store, log, entries, decodeStudyEvent);
  const lost = lostPositions(state);
  if (lost.length > 0) {
    const events = state.strange.length === 0 ? await repairedStudy(store, state) : undefined;
    if (events === undefined) {
      const what = `${unreadable(log, lost)}, and what follows cannot be understood without`;
      await report(what, "puts the study into the trash, and keeps its runs", async () => {
        await store.remove(log);
        return "the study was put into the trash; its runs are kept: `gradus runs --tag` lists them";
      });
    } else {
      const does = "works them out from the rest and from the study's runs, and marks what is lost";
      await report(unreadable(log, lost), does, async () => {
        const count = await repairStudy(store, log, state, events);
        if (count === 0) return "what stood there was worked out from the rest";
        return `${count === 1 ? "it is" : `${count} are`} marked as lost: \`gradus search\` goes on, and trains again what is missing`;
      });
    }
  }
  return notUnderstood(log, state.strange);
}

function unreadable(log: string, lost: readonly number[]): string {
  const positions = `${lost.slice(0, 5).join(", ")}${lost.length > 5 ? ", ..." : ""}`;
  return `${log}: ${lost.length === 1 ? "entry" : "entries"} ${positions} of its log cannot be read`;
}

function notUnderstood(log: string, strange: readonly number[]): Finding[] {
  const remedy = "use the newer Gradus that wrote it";
  return strange.map((position) => ({ what: `${log}: entry ${position} of its log is not understood`, remedy }));
}

/** Bytes are what they were when their hash is. */
async function examineArtifacts(store: Store, log: string, report: Report): Promise<void> {
  for (const { id } of await store.artifacts(log)) {
    try {
      await store.get(log, id);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      await report(error.complaint, "drops them: an older checkpoint takes their place", () => drop(store, log, id));
    }
  }
}

async function drop(store: Store, log: string, id: string): Promise<string> {
  await store.drop(log, id);
  return "they were dropped";
}

/** Copies the store into a file. @throws Fault `output` naming the flag */
async function backUp(store: Store, file: string, flag = "--backup"): Promise<void> {
  const temporary = uniqueName(file);
  try {
    await store.maintenance.backup(temporary);
    await publish(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw notWritten(flag, file, error);
  }
}

function say(console: Console, folder: string, findings: readonly Finding[], backup: string | undefined): void {
  if (console.json) return;
  if (findings.length === 0) console.say(`${folder} is sound`);
  for (const { what, repaired } of findings) console.say(repaired === undefined ? what : `${what}\n  ${repaired}`);
  if (backup !== undefined) console.say(`backed up into ${backup}: as ${"`runs.sqlite`"} in a folder, it is a store`);
}
