import { Fault } from "../fault/fault.ts";
import { type Append, kindName, logName } from "./store.ts";

// What every store refuses, in the same words.

export function requireName(place: string, log: string): void {
  if (logName.test(log)) return;
  const complaint = `${JSON.stringify(log)} is no name of a log`;
  throw new Fault("store", place, complaint, "use letters, digits, dots, dashes and underscores, 100 at most");
}

/** What is refused of an append by itself, and in the log that it finds. */
export function requireFitting(
  place: string,
  { log, kind, at }: Append,
  existing: { readonly kind: string; readonly entries: number; readonly isRemoved: boolean } | undefined,
): void {
  requireName(place, log);
  if (!kindName.test(kind)) {
    throw new Fault("store", place, `${JSON.stringify(kind)} is no kind of log`, "use small letters and dashes");
  }
  const { entries = 0 } = existing ?? {};
  if (at > entries) {
    throw new Fault("store", place, `the log of ${log} ends at ${entries}, before entry ${at}`, "read it anew");
  }
  if (existing === undefined) return;
  if (existing.kind !== kind) {
    throw new Fault("store", place, `${log} is a ${existing.kind}, and no ${kind}`, "choose another name");
  }
  if (existing.isRemoved)
    throw new Fault("store", place, `${log} was removed`, `\`gradus restore ${log}\` takes it back`);
}

/**
 * How many of `entries` are there already, `existing` being what the log holds from their position on.
 * @throws Fault `store` where it holds others
 */
export function alreadyThere(
  place: string,
  log: string,
  entries: readonly string[],
  existing: readonly string[],
): number {
  if (existing.some((entry, i) => entry !== entries[i])) {
    throw new Fault("store", place, `the log of ${log} has gone on without this writer`, "read it anew");
  }
  return existing.length;
}

export function noLog(place: string, log: string): Fault {
  return new Fault("store", place, `there is no run ${log}`, "`gradus runs` lists those that are there");
}

export function damagedEntry(place: string, log: string, position: number): Fault {
  const remedy = "`gradus doctor --repair` marks it as lost, and keeps everything else";
  return new Fault("store", place, `entry ${position} of run ${log} is damaged or missing`, remedy);
}

export function damagedLog(place: string, log: string): Fault {
  const remedy = "`gradus doctor --repair` writes it anew from the entries of the log";
  return new Fault("store", place, `what the store notes of ${log} is damaged`, remedy);
}

export function damaged(place: string, log: string, id: string): Fault {
  const remedy =
    "`gradus doctor` says what else is damaged; what can be taken from older checkpoints, `gradus resume` takes";
  return new Fault("store", place, `the bytes ${id.slice(0, 12)} of run ${log} are damaged`, remedy);
}
