import fc from "fast-check";
import { expect } from "vitest";
import { addPacks, beginAttempt, finishPack, giveBackPack } from "../src/cluster/packs.ts";
import { type Job, openQueue, type PackQueue } from "../src/cluster/queue.ts";
import type { PostgresDatabase } from "../src/store/postgres-database.node.ts";
import { openPostgresStore } from "../src/store/postgres-store.node.ts";

// Workers that take, freeze, die, thaw and tell, in any order, against a model of whose the pack is.

type What = "take" | "begin" | "renew" | "finish" | "give back" | "lapse" | "die";
interface Step {
  readonly worker: number;
  readonly what: What;
}
/** What a worker has of the pack, for as long as it believes so: a job of the queue, and the attempt that it began with it. */
interface Hand {
  readonly job: Job;
  number?: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  worker: fc.nat(2),
  what: fc.constantFrom("take", "take", "begin", "begin", "lapse", "lapse", "finish", "renew", "give back", "die"),
});
const of = (worker: number, ...all: What[]): Step[] => all.map((what) => ({ worker, what }));
/** What a zombie may do whose successor is at work, or has just taken the pack. */
const zombies: readonly Step[][] = [
  [...of(0, "take", "begin", "lapse"), ...of(1, "take", "begin"), ...of(0, "renew", "finish"), ...of(1, "finish")],
  [...of(0, "take", "begin", "lapse"), ...of(1, "take", "begin"), ...of(0, "give back"), ...of(1, "renew", "finish")],
  [...of(0, "take", "begin", "lapse"), ...of(1, "take"), ...of(0, "finish"), ...of(1, "begin"), ...of(2, "take")],
  [...of(0, "take", "begin", "lapse", "finish"), ...of(1, "take")],
  [...of(0, "take", "lapse"), ...of(1, "take", "begin"), ...of(0, "begin", "finish"), ...of(1, "finish")],
];

/** @throws what the steps show that do not go as the model, with the seed that repeats them */
export async function checkLeases(address: string, options: { numRuns: number; seed?: number }): Promise<void> {
  const store = await openPostgresStore(address);
  const queue = await openQueue(store.database, { numbers: "model" });
  const property = fc.asyncProperty(fc.array(step, { maxLength: 20 }), (steps) => follow(store.database, queue, steps));
  try {
    await fc.assert(property, { ...options, examples: zombies.map((steps): [Step[]] => [steps]) });
  } finally {
    await queue.close();
    await store.close();
  }
}

async function follow(database: PostgresDatabase, queue: PackQueue, steps: readonly Step[]): Promise<void> {
  await database.query("DELETE FROM gradus_queue.job");
  await database.query("DELETE FROM gradus.pack");
  const id = await database.transaction(async (on) => {
    const [added] = await addPacks(on, [
      { study: "model", runs: [{ trials: [0], seed: 0 }], data: [], numbers: "model", mostStrikes: 9 },
    ]);
    await queue.add(on, [added]);
    return added;
  });
  // The model: who has the lease, of which turn it is, which attempt counts, and whether result and job are through.
  let holder: number | undefined;
  let turn = -1;
  let current = 0;
  let results = 0;
  let isQueued = true;
  const hands = new Map<number, Hand>();
  const attemptOf = (number: number) => ({ pack: { id } as Parameters<typeof finishPack>[1]["pack"], number });
  /** A pack that is done leaves the queue, whoever has its job. */
  const completed = () => {
    isQueued = false;
    holder = undefined;
  };
  const lapse = async () => {
    await database.query("UPDATE gradus_queue.job SET heartbeat_on = now() - interval '1 hour' WHERE state = 'active'");
    // Leases are looked at once a second at most.
    await database.query("UPDATE gradus_queue.queue SET monitor_claim_on = NULL, monitor_on = NULL");
    await queue.supervise();
    holder = undefined;
  };
  const act = async ({ worker, what }: Step) => {
    const hand = hands.get(worker);
    if (what === "take" && hand === undefined) {
      const job = await queue.take();
      expect(job !== undefined).toBe(holder === undefined && isQueued);
      if (job === undefined) return;
      expect(job.retryCount).toBeGreaterThan(turn);
      turn = job.retryCount;
      holder = worker;
      hands.set(worker, { job });
    } else if (what === "lapse") {
      await lapse();
    } else if (hand === undefined) {
      return;
    } else if (what === "die") {
      hands.delete(worker);
    } else if (what === "begin" && hand.number === undefined) {
      const number = hand.job.retryCount + 1;
      const begun = await database.transaction(async (on) => {
        const attempt = await beginAttempt(on, id, number, crypto.randomUUID());
        // As a worker does that finds the pack done.
        if (results > 0) await queue.complete(on, hand.job);
        return attempt;
      });
      expect(begun !== undefined).toBe(results === 0 && number > current);
      if (results > 0) completed();
      if (begun === undefined) hands.delete(worker);
      else hand.number = current = number;
    } else if (what === "renew") {
      expect(await queue.renew(hand.job)).toBe(holder === worker);
    } else if (what === "finish" && hand.number !== undefined) {
      const attempt = attemptOf(hand.number);
      const isAccepted = await database.transaction(async (on) => {
        const accepted = await finishPack(on, attempt);
        if (accepted) await queue.complete(on, hand.job);
        return accepted;
      });
      // A lease that has ended costs nothing as long as nobody else has begun.
      expect(isAccepted).toBe(results === 0 && hand.number === current);
      hands.delete(worker);
      if (!isAccepted) return;
      results += 1;
      completed();
    } else if (what === "give back" && hand.number !== undefined) {
      const attempt = attemptOf(hand.number);
      await database.transaction((on) => giveBackPack(on, attempt));
      await queue.release(hand.job);
      hands.delete(worker);
      if (holder === worker) holder = undefined;
    }
  };
  for (const next of steps) await act(next);
  // Whatever happened: who comes then finds the pack or its result, and nothing is left.
  hands.clear();
  await lapse();
  for (const what of ["take", "begin", "finish", "take"] as const) await act({ worker: 3, what });
  expect([results, isQueued, hands.size]).toEqual([1, false, 0]);
  expect(await database.all("SELECT state FROM gradus.pack")).toEqual([{ state: "done" }]);
  const open = "SELECT state FROM gradus_queue.job WHERE state <> 'completed'";
  expect(await database.all(open)).toEqual([]);
}
