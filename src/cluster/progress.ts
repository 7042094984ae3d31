import { Fault } from "../fault/fault.ts";
import { decodeSafetensors } from "../files/decode-safetensors.ts";
import { encodeSafetensors } from "../files/safetensors.ts";
import { sha256 } from "../files/sha256.ts";
import { type KeptTraining, keptTraining } from "../lab/train-and-keep.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../record/checkpoint-file.ts";
import type { Checkpoint, TrainingEvent } from "../record/event.ts";
import { decodeRunFile, encodeRunFile } from "../record/run-file.ts";
import type { Connection, PostgresDatabase } from "../store/postgres-database.node.ts";
import type { Store } from "../store/store.ts";
import type { Weights } from "../train/weights.ts";

// How far the runs of a pack are, for whoever goes on with it: each run's log with its last checkpoint, as one file. Of chains whose
// weights are carried on there is a file a link: of those that have ended with the weights that the next one begins from.

/** A link of a run after so many of its updates; a run whose weights are not carried on is one link. */
export interface Snapshot {
  readonly run: string;
  readonly link: number;
  readonly step: number;
  readonly bytes: Uint8Array;
}

/**
 * Runs of a worker's own store, with a checkpoint each; `keys` name them in the study. A member that has ended has the checkpoint
 * that it ended with, which its log does not name any more.
 */
export async function snapshots(
  memory: Store,
  ids: readonly string[],
  keys: readonly string[],
  link: number,
  { step, checkpoints }: Extract<TrainingEvent, { kind: "checkpoint" }>,
): Promise<Snapshot[]> {
  return await Promise.all(
    ids.map(async (id, member) => {
      const bytes = await fileOf(memory, id, await encodeCheckpoint(checkpoints[member]));
      return { run: keys[member], link, step, bytes };
    }),
  );
}

/** Links that have ended after `step` updates, with their weights. */
export async function endedLinks(
  memory: Store,
  trained: readonly KeptTraining[],
  keys: readonly string[],
  link: number,
  step: number,
): Promise<Snapshot[]> {
  return await Promise.all(
    trained.map(async ({ run: { id }, weights }, member) => {
      return { run: keys[member], link, step, bytes: await fileOf(memory, id, encodeSafetensors(weights)) };
    }),
  );
}

async function fileOf(memory: Store, id: string, beside: Uint8Array): Promise<Uint8Array> {
  const artifacts = new Map([[await sha256(beside), beside]]);
  return await encodeRunFile({ id, entries: await memory.read(id), artifacts });
}

/** Puts snapshots into the place of those before them, within a transaction of the caller's. */
export async function keepSnapshots(on: Connection, study: string, kept: readonly Snapshot[]): Promise<void> {
  const sql = `INSERT INTO gradus.progress (study, run, link, step, bytes) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (study, run, link) DO UPDATE SET step = excluded.step, bytes = excluded.bytes`;
  for (const { run, link, step, bytes } of kept) {
    // Of one that began anew what it had come to before counts no more.
    await on.query("DELETE FROM gradus.progress WHERE study = $1 AND run = $2 AND link > $3", [study, run, link]);
    await on.query(sql, [study, run, link, step, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)]);
  }
}

export async function dropSnapshots(on: Connection, study: string, keys: readonly string[]): Promise<void> {
  await on.query("DELETE FROM gradus.progress WHERE study = $1 AND run = ANY($2)", [study, keys]);
}

/** What snapshots say of runs: the links that have ended, and the checkpoint of the next, where it had one. */
interface Taken {
  readonly ended: readonly KeptTraining[];
  readonly begun?: { readonly id: string; readonly checkpoint: Checkpoint };
  /** Updates of all its links. */
  readonly steps: number;
}

/**
 * Takes the logs of runs into a worker's own store; undefined where they are not equally far.
 * @throws Fault `data` for a file that is damaged
 */
export async function takeSnapshots(
  { all, place }: PostgresDatabase,
  memory: Store,
  study: string,
  keys: readonly string[],
): Promise<readonly Taken[] | undefined> {
  const sql = "SELECT run, step, bytes FROM gradus.progress WHERE study = $1 AND run = ANY($2) ORDER BY link";
  const rows = await all(sql, [study, keys]);
  const taken: Taken[] = [];
  for (const key of keys) {
    const ended: KeptTraining[] = [];
    let begun: Taken["begun"];
    let steps = 0;
    for (const { step, bytes: file } of rows.filter(({ run }) => run === key)) {
      steps += Number(step);
      const name = `${place}: ${key}`;
      const { id, entries, artifacts } = await decodeRunFile(file as Uint8Array, name);
      await memory.append({ log: id, kind: "run", at: 0, entries });
      const [bytes] = artifacts.values();
      if (decodeSafetensors(bytes, name).metadata.format === undefined) {
        ended.push(await keptTraining(memory, id, weightsOf(bytes, name)));
      } else begun = { id, checkpoint: await decodeCheckpoint(bytes, name) };
    }
    taken.push({ ended, steps, ...(begun === undefined ? {} : { begun }) });
  }
  const isEquallyFar = ({ ended, steps }: Taken) => ended.length === taken[0].ended.length && steps === taken[0].steps;
  return rows.length > 0 && taken.every(isEquallyFar) ? taken : undefined;
}

function weightsOf(bytes: Uint8Array, name: string): Weights {
  const { tensors } = decodeSafetensors(bytes, name);
  return Object.fromEntries(
    Object.entries(tensors).map(([tensor, { shape, values }]) => {
      if (values instanceof Float32Array) return [tensor, { shape, values: values.slice() }];
      if (values instanceof Float64Array) return [tensor, { shape, values: values.slice() }];
      throw new Fault("data", name, `${tensor} is no weights`, "the pack begins anew");
    }),
  );
}
