import { sha256 } from "../files/sha256.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../record/checkpoint-file.ts";
import type { Checkpoint, TrainingEvent } from "../record/event.ts";
import { decodeRunFile, encodeRunFile } from "../record/run-file.ts";
import type { Connection, PostgresDatabase } from "../store/postgres-database.node.ts";
import type { Store } from "../store/store.ts";

// How far the runs of a pack are, for whoever goes on with it: each run's log with its last checkpoint, as one file.

/** A run's state after so many updates. */
export interface Snapshot {
  readonly run: string;
  readonly step: number;
  readonly bytes: Uint8Array;
}

/**
 * Runs of a worker's own store as they are after `step` updates; `keys` name them in the study. A member that has ended has the
 * checkpoint that it ended with, which its log does not name any more.
 */
export async function snapshots(
  memory: Store,
  ids: readonly string[],
  keys: readonly string[],
  { step, checkpoints }: Extract<TrainingEvent, { kind: "checkpoint" }>,
): Promise<Snapshot[]> {
  return await Promise.all(
    ids.map(async (id, member) => {
      const checkpoint = await encodeCheckpoint(checkpoints[member]);
      const artifacts = new Map([[await sha256(checkpoint), checkpoint]]);
      const bytes = await encodeRunFile({ id, entries: await memory.read(id), artifacts });
      return { run: keys[member], step, bytes };
    }),
  );
}

/** Puts snapshots into the place of those before them, within a transaction of the caller's. */
export async function keepSnapshots(on: Connection, study: string, kept: readonly Snapshot[]): Promise<void> {
  const sql = `INSERT INTO gradus.progress (study, run, step, bytes) VALUES ($1, $2, $3, $4)
    ON CONFLICT (study, run) DO UPDATE SET step = excluded.step, bytes = excluded.bytes`;
  for (const { run, step, bytes } of kept) {
    await on.query(sql, [study, run, step, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)]);
  }
}

export async function dropSnapshots(on: Connection, study: string, keys: readonly string[]): Promise<void> {
  await on.query("DELETE FROM gradus.progress WHERE study = $1 AND run = ANY($2)", [study, keys]);
}

/** Takes the logs of runs into a worker's own store; ids and checkpoints, or undefined where there is not one of each. */
export async function takeSnapshots(
  { all, place }: PostgresDatabase,
  memory: Store,
  study: string,
  keys: readonly string[],
): Promise<readonly { readonly id: string; readonly checkpoint: Checkpoint }[] | undefined> {
  const rows = await all("SELECT run, bytes FROM gradus.progress WHERE study = $1 AND run = ANY($2)", [study, keys]);
  if (rows.length < keys.length) return undefined;
  const files = new Map(rows.map(({ run, bytes }) => [String(run), bytes as Uint8Array]));
  const taken: { id: string; checkpoint: Checkpoint }[] = [];
  for (const key of keys) {
    const name = `${place}: ${key}`;
    const { id, entries, artifacts } = await decodeRunFile(files.get(key) ?? new Uint8Array(), name);
    await memory.append({ log: id, kind: "run", at: 0, entries });
    const [bytes] = artifacts.values();
    taken.push({ id, checkpoint: await decodeCheckpoint(bytes, name) });
  }
  return taken;
}
