import { setTimeout as pause } from "node:timers/promises";
import { Fault } from "../fault/fault.ts";
import type { Fetching } from "../lab/first-use.ts";
import { createJudge, type Judge } from "../lab/judge.ts";
import { type KeptStudy, requireStudy } from "../lab/kept-studies.ts";
import { numbersVersion } from "../lab/versions.ts";
import { isLost } from "../store/postgres-faults.node.ts";
import type { PostgresStore } from "../store/postgres-store.node.ts";
import type { Trainer } from "../worker/trainer.ts";
import { failPack, performAttempt, Superseded } from "./attempt.ts";
import {
  type Attempt,
  addPacks,
  beginAttempt,
  complain,
  finishPack,
  giveBackPack,
  numbersAskedFor,
  type Pack,
} from "./packs.ts";
import { type Job, openQueue, type PackQueue, packLease } from "./queue.ts";
import { endWorker, type Heartbeat, registerWorker, tellHeartbeat } from "./workers.ts";

export interface WorkOptions extends Fetching {
  readonly signal: AbortSignal;
  /** Where to train. */
  readonly train: Trainer["train"];
  /** What `auto` is here. */
  readonly device?: string | undefined;
  /** What that is, for lists. */
  readonly deviceName?: string;
  /** Seconds between two checkpoints of a pack. */
  readonly checkpointSeconds?: number | undefined;
  /** Ends when there was nothing to do for so many seconds. */
  readonly idleSeconds?: number | undefined;
  /** Seconds that a pack stays this worker's without being renewed, 10 at least. */
  readonly lease?: number;
  /** Seconds without a word from the training after which its pack is renewed no more. */
  readonly stall?: number;
  /** Seconds of rest after an attempt that failed, twice as many after each that follows: others are to have a try. */
  readonly rest?: number;
  readonly listen?: (event: WorkEvent) => void;
}

/** What a worker says. */
export type WorkEvent =
  | { readonly kind: "ready"; readonly worker: string }
  | { readonly kind: "began"; readonly pack: Pack; readonly attempt: number }
  | { readonly kind: "resumed"; readonly pack: Pack; readonly step: number; readonly link: number }
  | { readonly kind: "progress"; readonly pack: Pack; readonly step: number; readonly steps: number }
  | { readonly kind: "done" | "superseded" | "given back" | "set aside"; readonly pack: Pack }
  /** `isRefused`: the trials are, wherever they are trained; else another attempt may follow. */
  | { readonly kind: "failed"; readonly pack: Pack; readonly complaint: string; readonly isRefused: boolean }
  | { readonly kind: "waiting"; readonly complaint: string };

/** Seconds that a worker rests at most. */
const LONGEST_REST = 60;

/** Seconds that the database may be away before a worker gives up. */
const PATIENCE = 600;

/**
 * Takes packs of trials, trains them and tells their results, until it is stopped: then it gives back what it has, from where
 * another goes on.
 * @throws Fault `spec` where what there is to do is of another version of the numbers; Fault `data`, `network`, `output` where this
 * machine has not what the trials need; Fault `store` where the database stays away
 */
export async function work(store: PostgresStore, options: WorkOptions): Promise<void> {
  const { signal, idleSeconds = Number.POSITIVE_INFINITY, lease = packLease, rest = 1, deviceName = "auto" } = options;
  let failures = 0;
  const listen = (event: WorkEvent) => {
    if (event.kind === "failed" && !event.isRefused) failures += 1;
    else if (event.kind === "done") failures = 0;
    options.listen?.(event);
  };
  await requireNumbers(store);
  // The coordinator looks for leases that have ended; where it is away, the workers do.
  const queue = await openQueue(store.database, { numbers: numbersVersion, superviseEvery: 10, lease });
  const worker = await registerWorker(store.database, deviceName);
  const judge = createJudge();
  const studies = new Map<string, KeptStudy>();
  listen({ kind: "ready", worker });
  let [idleSince, awaySince] = [performance.now(), Number.NaN];
  let status: Heartbeat = {};
  const beat = setInterval(() => void tellHeartbeat(store.database, worker, status).catch(() => {}), 5000);
  try {
    while (!signal.aborted && (performance.now() - idleSince) / 1000 < idleSeconds) {
      try {
        const job = await queue.take();
        awaySince = Number.NaN;
        if (job === undefined) {
          await pause(300 + 400 * Math.random(), undefined, { signal }).catch(() => {});
          continue;
        }
        const tell = (now: Heartbeat) => {
          status = now;
        };
        await performJob({ store, queue, job, worker, judge, studies, tell, lease, listen, options });
        idleSince = performance.now();
        const seconds = failures === 0 ? 0 : Math.min(LONGEST_REST, rest * 2 ** (failures - 1));
        await pause(1000 * seconds, undefined, { signal }).catch(() => {});
      } catch (error) {
        if (!(error instanceof Fault) || error.code !== "store" || !isLost(error.cause)) throw error;
        awaySince = Number.isNaN(awaySince) ? performance.now() : awaySince;
        if (performance.now() - awaySince > PATIENCE * 1000) throw error;
        listen({ kind: "waiting", complaint: error.message });
        await pause(1000, undefined, { signal }).catch(() => {});
      }
    }
  } finally {
    clearInterval(beat);
    await queue.close();
    await endWorker(store.database, worker).catch(() => {});
  }
}

/** @throws Fault `spec` where all there is to do is to be computed with other numbers than this Gradus gives */
async function requireNumbers({ database }: PostgresStore): Promise<void> {
  const numbers = await numbersAskedFor(database.all);
  if (numbers.length === 0 || numbers.includes(numbersVersion)) return;
  const complaint = `the trials are computed with version ${numbers.join(", ")} of the numbers, and this Gradus has ${numbersVersion}`;
  throw new Fault("spec", database.place, complaint, "install the Gradus that the search was begun with");
}

interface Performance {
  readonly store: PostgresStore;
  readonly queue: PackQueue;
  readonly job: Job;
  readonly worker: string;
  readonly judge: Judge;
  readonly studies: Map<string, KeptStudy>;
  readonly tell: (status: Heartbeat) => void;
  readonly lease: number;
  readonly listen: (event: WorkEvent) => void;
  readonly options: WorkOptions;
}

async function performJob(performed: Performance): Promise<void> {
  const { store, queue, job, listen, studies } = performed;
  const attempt = await begin(performed);
  if (attempt === undefined) return;
  const { pack } = attempt;
  const study = studies.get(pack.study) ?? (await requireStudy(store, pack.study));
  studies.set(pack.study, study);
  await study.catchUp();
  if (pack.strikes >= pack.mostStrikes) {
    const complaint = `set aside after ${pack.strikes} attempts: ${pack.complaint ?? "each worker was lost with it"}`;
    await failPack({ store, queue, job, attempt, study }, complaint);
    listen({ kind: "set aside", pack });
    return;
  }
  listen({ kind: "began", pack, attempt: attempt.number });
  await attend(performed, attempt, study);
}

/** Trains the pack, and holds on to it as long as the training says something. */
async function attend(performed: Performance, attempt: Attempt, study: KeptStudy): Promise<void> {
  const { store, queue, job, judge, tell, lease, listen, options } = performed;
  const { pack } = attempt;
  const lost = new AbortController();
  const signal = AbortSignal.any([options.signal, lost.signal]);
  const stall = 1000 * (options.stall ?? 120);
  let [heardAt, step, steps] = [performance.now(), 0, 0];
  let [speedFrom, speedAt] = [0, performance.now()];
  const renewal = setInterval(async () => {
    if (performance.now() - heardAt > stall) return;
    // A database that does not answer says nothing about whose the pack is.
    const isOurs = await queue.renew(job).catch(() => true);
    if (!isOurs) lost.abort(new Superseded());
    const stepsPerSecond = (1000 * (step - speedFrom)) / (performance.now() - speedAt);
    [speedFrom, speedAt] = [step, performance.now()];
    tell({ pack: pack.id, step, stepsPerSecond });
  }, lease * 250);
  tell({ pack: pack.id });
  try {
    await performAttempt(
      { store, queue, job, attempt, study },
      {
        train: options.train,
        judge,
        signal,
        device: options.device ?? "auto",
        checkpointSeconds: options.checkpointSeconds ?? 30,
        onFetch: options.onFetch,
        onResumed: (from, link) => {
          [step, speedFrom] = [from, from];
          listen({ kind: "resumed", pack, step: from, link });
        },
        hear(event) {
          heardAt = performance.now();
          if (event.kind === "started") {
            ({ steps } = event);
            // Each link of a chain counts from 0.
            [step, speedFrom] = [event.from ?? 0, event.from ?? 0];
          }
          if (event.kind === "progress") {
            ({ step } = event);
            listen({ kind: "progress", pack, step, steps });
          }
        },
      },
    );
    listen({ kind: "done", pack });
  } catch (error) {
    await settle(performed, attempt, study, error, signal);
  } finally {
    clearInterval(renewal);
    tell({});
  }
}

/** What becomes of a pack whose attempt ended without a result. */
async function settle(
  { store, queue, job, listen, options }: Performance,
  attempt: Attempt,
  study: KeptStudy,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  const { pack } = attempt;
  const giveBack = async () => {
    await store.database.transaction((on) => giveBackPack(on, attempt));
    await queue.release(job);
    listen({ kind: "given back", pack });
  };
  if (error instanceof Superseded || signal.reason instanceof Superseded) {
    listen({ kind: "superseded", pack });
  } else if (options.signal.aborted) {
    await giveBack();
  } else if (error instanceof Fault && error.code === "spec") {
    await failPack({ store, queue, job, attempt, study }, error.message);
    listen({ kind: "failed", pack, complaint: error.message, isRefused: true });
  } else if (error instanceof Fault && error.code === "store") {
    throw error;
  } else if (error instanceof Fault && error.code !== "device") {
    await giveBack();
    throw error;
  } else {
    const complaint = error instanceof Error ? error.message : String(error);
    await store.database.transaction((on) => complain(on, attempt, complaint));
    await queue.release(job);
    listen({ kind: "failed", pack, complaint, isRefused: false });
  }
}

/**
 * Begins an attempt at a pack; undefined where there is nothing to attempt. A pack of several that failed again and again is taken
 * apart, so that one that kills its worker does not take others with it.
 */
async function begin({ store, queue, job, worker }: Performance): Promise<Attempt | undefined> {
  return await store.database.transaction(async (on) => {
    const attempt = await beginAttempt(on, job.id, job.retryCount + 1, worker);
    if (attempt === undefined) {
      // Done, though this job was not told: its worker's lease had ended meanwhile.
      const { rowCount } = await on.query("SELECT FROM gradus.pack WHERE id = $1 AND state <> 'done'", [job.id]);
      if (rowCount === 0) await queue.complete(on, job);
      return undefined;
    }
    const { pack } = attempt;
    const { strikes, mostStrikes, runs } = pack;
    if (runs.length === 1 || strikes < Math.max(1, mostStrikes - 1) || strikes >= mostStrikes) {
      await queue.prefer(on, job);
      return attempt;
    }
    const parts = runs.map((run) => ({ ...pack, runs: [run] }));
    await queue.add(on, await addPacks(on, parts));
    await finishPack(on, attempt);
    await queue.complete(on, job);
    return undefined;
  });
}
