import { Fault } from "../fault/fault.ts";
import { decodeModel } from "../model/decode-model.ts";
import { decodeCheckpoint } from "../record/checkpoint-file.ts";
import { encodeRunEvent, type RunEvent } from "../record/run-event.ts";
import type { Store } from "../store/store.ts";
import { type LogState, lostPositions } from "./log-state.ts";

// A run's log of which entries were damaged: what is sound stays, and what stood in the others is worked out where that
// can be done. Bytes beside the log carry their own hash, and say themselves what they are.

/** Whether anything in a log says what its run is. */
export function isRun({ events }: LogState<RunEvent>): boolean {
  return events.some((event) => event !== undefined && specOf(event) !== undefined);
}

/** Writes something sound in place of what is lost. Returns how many entries could not be worked out. */
export async function repairLog(store: Store, run: string, state: LogState<RunEvent>): Promise<number> {
  const lost = [...lostPositions(state)];
  const events = [...state.events];
  if (lost[0] === 0) {
    lost.shift();
    events[0] = createdAgain(state);
  }
  const strays = await keptWithoutName(store, run, state);
  for (const position of lost) events[position] = strays.shift() ?? { kind: "lost" };
  for (const position of lostPositions(state)) {
    const event = events[position];
    if (event !== undefined) await store.maintenance.replace(run, position, encodeRunEvent(event));
  }
  return lostPositions(state).filter((position) => events[position]?.kind === "lost").length;
}

/** The first entry from what the training said when it started; what it does not say is lost. */
function createdAgain({ events }: LogState<RunEvent>): RunEvent {
  const [spec] = events.map((event) => event && specOf(event)).filter((known) => known !== undefined);
  return { kind: "created", spec, data: [] };
}

function specOf(event: RunEvent) {
  if (event.kind === "created") return event.spec;
  return event.kind === "trained" && event.event.kind === "started" ? event.event.members[0] : undefined;
}

/** What a log would say of sound bytes beside it that none of its entries names, checkpoints by their steps first. */
async function keptWithoutName(
  store: Store,
  run: string,
  { events }: LogState<RunEvent>,
): Promise<(RunEvent & { kind: "kept" })[]> {
  const namedArtifacts = new Set(events.map((event) => (event?.kind === "kept" ? event.artifact : undefined)));
  const seconds = events.reduce(
    (most, event) => (event && "seconds" in event ? Math.max(most, event.seconds) : most),
    0,
  );
  const keptEvents: (RunEvent & { kind: "kept" })[] = [];
  for (const { id: artifact, size } of await store.artifacts(run)) {
    if (namedArtifacts.has(artifact)) continue;
    const read = async () => (await store.get(run, artifact)) ?? new Uint8Array();
    const checkpoint = await ifSound(async () => await decodeCheckpoint(await read(), artifact));
    const model =
      checkpoint === undefined ? await ifSound(async () => await decodeModel(await read(), artifact)) : undefined;
    if (checkpoint === undefined && model === undefined) continue;
    const what = checkpoint === undefined ? "model" : "checkpoint";
    keptEvents.push({ kind: "kept", what, step: checkpoint?.step ?? lastStep(events), artifact, size, seconds });
  }
  return keptEvents.sort((a, b) => a.what.localeCompare(b.what) || a.step - b.step);
}

function lastStep(events: LogState<RunEvent>["events"]): number {
  const steps = events.flatMap((event) => (event?.kind === "kept" ? [event.step] : []));
  return steps.reduce((a, b) => Math.max(a, b), 0);
}

async function ifSound<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
