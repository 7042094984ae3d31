import { studyLog } from "../lab/kept-studies.ts";
import { encodeStudyEvent, type StudyEvent } from "../search/study-event.ts";
import type { Connection } from "../store/postgres-database.node.ts";
import { lockNotes } from "../store/postgres-logs.node.ts";
import type { PostgresStore } from "../store/postgres-store.node.ts";
import type { Append } from "../store/store.ts";

/**
 * Adds to the end of a study's log, wherever that is now, and with it whole logs of runs, within a transaction of the caller's: for
 * entries that stay true whoever was faster.
 * @throws Fault `store` where another process has taken a claim that this one held
 */
export async function addToStudy(
  on: Connection,
  store: PostgresStore,
  study: string,
  events: readonly StudyEvent[],
  runs: readonly Append[] = [],
): Promise<void> {
  const log = studyLog(study);
  const { entries: at = 0 } = (await lockNotes(on, store.place, [log])).get(log) ?? {};
  const write = await store.prepare(...runs, { log, kind: "study", at, entries: events.map(encodeStudyEvent) });
  await write(on);
}
