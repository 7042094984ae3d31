import { sha256 } from "../files/sha256.ts";
import { encodeCheckpoint } from "../record/checkpoint-file.ts";
import type { Checkpoint, TrainingEvent } from "../record/event.ts";
import { decodeRunEvent, encodeRunEvent, memberEvent, type RunEvent } from "../record/run-event.ts";
import type { KeptArtifact } from "../record/run-record.ts";
import type { Append, Store } from "../store/store.ts";

/**
 * Which of a run's checkpoints are kept, oldest first: the one of its start, from which it can be trained again with other
 * settings, the last one, and the one before it in case the last is damaged.
 */
export function worthKeeping(checkpoints: readonly KeptArtifact[]): KeptArtifact[] {
  return checkpoints.filter((_, index) => index === 0 || index >= checkpoints.length - 2);
}

/** Seconds between two entries of mere progress. */
const PROGRESS_EVERY = 1;

/** What a run's log gains in one append, and the bytes beside it. */
export interface Addition {
  readonly events: readonly RunEvent[];
  readonly put?: readonly Uint8Array[];
  /** Ids of bytes whose successors the log names now. */
  readonly drop?: readonly string[];
}

/** Writes what happens to one run into its log. What has been waited for is on disk. */
export interface RunWriter {
  readonly store: Store;
  readonly run: string;
  /** The position of the next entry. */
  position: number;
  write(...events: readonly RunEvent[]): Promise<void>;
  /** What a training says of its member, as its log has it; progress no oftener than a person looks. */
  hear(event: TrainingEvent, seconds: number): Promise<Addition>;
}

/**
 * A writer for a run that this process has claimed, or that it makes.
 * @throws Fault `store`, from every method, where the store cannot be written
 */
export function createRunWriter(
  store: Store,
  run: string,
  member: number, // its place in the training's population
  {
    position = 0,
    checkpoints = [],
  }: { readonly position?: number; readonly checkpoints?: readonly KeptArtifact[] } = {},
): RunWriter {
  let keptCheckpoints = [...checkpoints];
  let progressAt = Number.NEGATIVE_INFINITY;
  let hasFinished = false; // while its population goes on

  async function checkpointKept(checkpoint: Checkpoint, seconds: number): Promise<Addition> {
    const bytes = await encodeCheckpoint(checkpoint);
    const artifact = await sha256(bytes);
    // Where it goes on, it is asked for the checkpoint that it came from.
    if (keptCheckpoints.some((known) => known.artifact === artifact)) return { events: [] };
    const { step } = checkpoint;
    keptCheckpoints.push({ step, artifact, size: bytes.length });
    const worth = worthKeeping(keptCheckpoints);
    const older = keptCheckpoints.filter((checkpoint) => !worth.includes(checkpoint));
    keptCheckpoints = worth;
    return {
      events: [{ kind: "kept", what: "checkpoint", step, artifact, size: bytes.length, seconds }],
      put: [bytes],
      drop: older.map(({ artifact: old }) => old).filter((old) => worth.every((newer) => newer.artifact !== old)),
    };
  }

  const writer: RunWriter = {
    store,
    run,
    position,
    write: async (...events) => writeTogether([writer], [{ events }]),
    async hear(event, seconds) {
      if (event.kind === "started") hasFinished = false;
      if (hasFinished) return { events: [] };
      if (event.kind === "finished" && event.member === member) hasFinished = true;
      if (event.kind === "checkpoint") return await checkpointKept(event.checkpoints[member], seconds);
      if (event.kind === "progress") {
        if (seconds - progressAt < PROGRESS_EVERY) return { events: [] };
        progressAt = seconds;
      }
      const ofMember = memberEvent(event, member);
      return { events: ofMember === undefined ? [] : [{ kind: "trained", seconds, event: ofMember }] };
    },
  };
  return writer;
}

/** The trained model of a run, as its log has it. */
export async function modelKept(bytes: Uint8Array, step: number, seconds: number): Promise<Addition> {
  const artifact = await sha256(bytes);
  return { events: [{ kind: "kept", what: "model", step, artifact, size: bytes.length, seconds }], put: [bytes] };
}

/** Adds to the logs of several runs of one store in one transaction: `additions[i]` to that of `writers[i]`. */
export async function writeTogether(writers: readonly RunWriter[], additions: readonly Addition[]): Promise<void> {
  const written = writers
    .map((writer, i) => ({ writer, addition: additions[i] }))
    .filter(({ addition: { events } }) => events.length > 0);
  if (written.length === 0) return;
  const [{ writer: first }] = written;
  const appends = written.map(({ writer: { run, position }, addition: { events, put = [], drop = [] } }) => ({
    log: run,
    kind: "run",
    at: position,
    entries: events.map(encodeRunEvent),
    put,
    drop,
  }));
  const placed = await appendAfterLabels(first.store, appends);
  for (const [i, { writer }] of written.entries()) writer.position = placed[i].at + placed[i].entries.length;
}

/**
 * Adds to logs of runs that this process has claimed, behind the labels that others have written meanwhile: people label runs
 * that are being trained, and nobody else writes to a claimed run. Returns what was added, where it came to be.
 * @param append how, where something else goes into the same transaction
 */
export async function appendAfterLabels(
  store: Store,
  appends: readonly Append[],
  append: (appends: readonly Append[]) => Promise<void> = async (placed) => await store.append(...placed),
): Promise<readonly Append[]> {
  let placed = appends;
  for (;;) {
    try {
      await append(placed);
      return placed;
    } catch (error) {
      const labels = await Promise.all(placed.map(({ log, at }) => labelsSince(store, log, at)));
      if (labels.every((count) => count === 0)) throw error;
      placed = placed.map((entries, i) => ({ ...entries, at: entries.at + labels[i] }));
    }
  }
}

async function labelsSince(store: Store, run: string, position: number): Promise<number> {
  const since = await store.read(run, position).catch(() => []);
  const events = since.map((entry, i) => decodeRunEvent(entry, `${run}, entry ${position + i}`));
  return events.every(({ kind }) => kind === "labelled") ? events.length : 0;
}
