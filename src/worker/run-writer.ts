import { encodeCheckpoint } from "../record/checkpoint-file.ts";
import type { Checkpoint, TrainingEvent } from "../record/event.ts";
import { decodeRunEvent, encodeRunEvent, memberEvent, type RunEvent } from "../record/run-event.ts";
import type { Kept } from "../record/run-record.ts";
import type { Store } from "../store/store.ts";

/**
 * Which of a run's checkpoints are kept, oldest first: the one of its start, from which it can be trained again with other
 * settings, the last one, and the one before it in case the last is damaged.
 */
export function worthKeeping(checkpoints: readonly Kept[]): Kept[] {
  return checkpoints.filter((_, index) => index === 0 || index >= checkpoints.length - 2);
}

/** Seconds between two entries of mere progress. */
const PROGRESS_EVERY = 1;

/** Writes what happens to one run into its log. What has been waited for is on disk. */
export interface RunWriter {
  /** The position of the next entry. */
  readonly position: number;
  write(...events: readonly RunEvent[]): Promise<void>;
  /** What a training says of its member; progress no oftener than a person looks. */
  hear(event: TrainingEvent, seconds: number): Promise<void>;
  keepModel(bytes: Uint8Array, step: number, seconds: number): Promise<void>;
}

/**
 * A writer for a run that this process has claimed, or that it makes.
 * @throws Fault `store`, from every method, where the store cannot be written
 */
export function createRunWriter(
  store: Store,
  run: string,
  member: number, // its place in the training's population
  { position = 0, checkpoints = [] }: { readonly position?: number; readonly checkpoints?: readonly Kept[] } = {},
): RunWriter {
  let kept = [...checkpoints];
  let progressAt = Number.NEGATIVE_INFINITY;

  async function write(...events: readonly RunEvent[]): Promise<void> {
    const entries = events.map(encodeRunEvent);
    for (;;) {
      try {
        await store.append(run, position, entries);
        position += events.length;
        return;
      } catch (error) {
        const others = (await labels()).length;
        if (others === 0) throw error;
        position += others;
      }
    }
  }

  /** What others have written since: people label runs that are being trained. Nobody else writes to a claimed run. */
  async function labels(): Promise<readonly RunEvent[]> {
    const since = await store.read(run, position).catch(() => []);
    const events = since.map((entry, i) => decodeRunEvent(entry, `${run}, entry ${position + i}`));
    return events.every(({ kind }) => kind === "labelled") ? events : [];
  }

  async function keepCheckpoint(checkpoint: Checkpoint, seconds: number): Promise<void> {
    const bytes = await encodeCheckpoint(checkpoint);
    const artifact = await store.put(run, bytes);
    // Where it goes on, it is asked for the checkpoint that it came from.
    if (kept.some((known) => known.artifact === artifact)) return;
    const { step } = checkpoint;
    await write({ kind: "kept", what: "checkpoint", step, artifact, size: bytes.length, seconds });
    kept.push({ step, artifact, size: bytes.length });
    // An older one goes when the log names its successors.
    const worth = worthKeeping(kept);
    const gone = kept.filter((one) => !worth.includes(one));
    kept = worth;
    for (const { artifact: old } of gone) if (worth.every((one) => one.artifact !== old)) await store.drop(run, old);
  }

  return {
    get position() {
      return position;
    },
    write,
    async hear(event, seconds) {
      if (event.kind === "checkpoint") {
        await keepCheckpoint(event.checkpoints[member], seconds);
        return;
      }
      if (event.kind === "progress") {
        if (seconds - progressAt < PROGRESS_EVERY) return;
        progressAt = seconds;
      }
      const own = memberEvent(event, member);
      if (own !== undefined) await write({ kind: "trained", seconds, event: own });
    },
    async keepModel(bytes, step, seconds) {
      const artifact = await store.put(run, bytes);
      await write({ kind: "kept", what: "model", step, artifact, size: bytes.length, seconds });
    },
  };
}
