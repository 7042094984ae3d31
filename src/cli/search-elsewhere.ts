import { setTimeout as pause } from "node:timers/promises";
import { openCoordinated, runStudyElsewhere } from "../cluster/run-study-elsewhere.ts";
import type { ListedWorker } from "../cluster/workers.ts";
import { Fault } from "../fault/fault.ts";
import { studyLog } from "../lab/kept-studies.ts";
import type { SearchDocument } from "../search/search-document.ts";
import type { StudyState } from "../search/study-state.ts";
import { leaseSeconds } from "../store/postgres-claims.node.ts";
import type { PostgresStore } from "../store/postgres-store.node.ts";
import type { Claim } from "../store/store.ts";
import type { Console } from "./console.ts";
import { fetchProgress } from "./data.ts";
import { interruptible } from "./interrupt.ts";
import { searchProgress } from "./search-progress.ts";

export interface ElsewhereFlags {
  readonly attempts?: number;
  readonly packSize?: number;
}

/** Goes on with a search that workers train, until it is through. */
export async function searchedElsewhere(
  store: PostgresStore,
  document: SearchDocument,
  { attempts, packSize }: ElsewhereFlags,
  console: Console,
): Promise<StudyState> {
  return await interruptible(
    "search",
    async (signal) => {
      const claim = await patientClaim(store, document.name, console, signal);
      try {
        const coordinated = await openCoordinated(store, document);
        const { onTrials } = searchProgress(console, coordinated.study.state);
        return await runStudyElsewhere(store, coordinated, {
          signal,
          mostAttempts: attempts,
          packSize,
          onFetch: fetchProgress(console),
          onTrials,
          onWorkers: workersSaid(console),
        });
      } finally {
        await claim.release();
      }
    },
    () => `\`gradus search ${document.name}\` goes on; workers end what they have begun`,
  );
}

/** A coordinator that died has its claim for some seconds longer: one that lives renews it. */
async function patientClaim(
  store: PostgresStore,
  study: string,
  console: Console,
  signal: AbortSignal,
): Promise<Claim> {
  const until = performance.now() + 1000 * (leaseSeconds + 2);
  for (let isFirst = true; ; isFirst = false) {
    signal.throwIfAborted();
    const claim = await store.claim(studyLog(study));
    if (claim !== undefined) return claim;
    if (performance.now() > until) {
      throw new Fault("store", study, "another process searches under this name", "wait for it, or give --name");
    }
    if (isFirst) console.progress([`another process searches "${study}"; waiting whether it still lives`], "waiting");
    await pause(500, undefined, { signal }).catch(() => {});
  }
}

/** Says it where nobody works, and how many do where that changes. */
function workersSaid(console: Console): (workers: readonly ListedWorker[]) => void {
  let said = -1;
  return (workers) => {
    if (workers.length === said) return;
    said = workers.length;
    if (console.json) return;
    if (said === 0) console.say("no worker is there: `gradus worker --store ADDRESS` starts one, on any machine");
    else
      console.say(
        `${said} ${said === 1 ? "worker" : "workers"}: ${[...new Set(workers.map(({ host }) => host))].join(", ")}`,
      );
  };
}
