import { Fault } from "../fault/fault.ts";
import { runName } from "./store.ts";

// What every store refuses, in the same words.

export function requireName(place: string, run: string): void {
  if (runName.test(run)) return;
  const complaint = `${JSON.stringify(run)} is no name of a run`;
  throw new Fault("store", place, complaint, "use letters, digits, dots, dashes and underscores, 100 at most");
}

/**
 * How many of `entries` are there already, `there` being what the log holds from their position on.
 * @throws Fault `store` where it holds others
 */
export function alreadyThere(place: string, run: string, entries: readonly string[], there: readonly string[]): number {
  if (there.some((entry, i) => entry !== entries[i])) {
    throw new Fault("store", place, `the log of ${run} has gone on without this writer`, "read the run anew");
  }
  return there.length;
}

export function gap(place: string, run: string, at: number, end: number): Fault {
  return new Fault("store", place, `the log of ${run} ends at ${end}, before entry ${at}`, "read the run anew");
}

export function noRun(place: string, run: string): Fault {
  return new Fault("store", place, `there is no run ${run}`, "`gradus runs` lists those that are there");
}

export function damagedEntry(place: string, run: string, position: number): Fault {
  const remedy =
    "`gradus doctor --repair` cuts the log off there; what can be resumed goes on from a checkpoint before";
  return new Fault("store", place, `entry ${position} of run ${run} is damaged or missing`, remedy);
}

export function damaged(place: string, run: string, id: string): Fault {
  const remedy =
    "`gradus doctor` says what else is damaged; what can be taken from older checkpoints, `gradus resume` takes";
  return new Fault("store", place, `the bytes ${id.slice(0, 12)} of run ${run} are damaged`, remedy);
}
