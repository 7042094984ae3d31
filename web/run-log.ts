import { useEffect, useState } from "preact/hooks";
import type { RunEvent } from "../src/record/run-event.ts";
import { foldLog, type LogFold, type RunRecord, recordOf } from "../src/record/run-record.ts";
import { ask } from "./ask.ts";
import { runNamed } from "./lab.ts";

/** A run's log as far as it was read, and what it makes of the run. */
export interface RunLog {
  readonly events: readonly RunEvent[];
  readonly record: RunRecord | undefined;
}

interface ReadLog extends RunLog {
  readonly fold?: LogFold;
}

const nothing: ReadLog = { events: [], record: undefined };

/** Follows the log of a run: what is new is read when the lab says that there is something. */
export function useRunLog(id: string): RunLog {
  const [log, setLog] = useState<ReadLog>(nothing);
  const entries = runNamed(id)?.entries ?? 0;
  const length = log.events.length;
  useEffect(() => {
    if (entries <= length) return;
    let isWanted = true;
    ask<RunEvent[]>(`/api/runs/${encodeURIComponent(id)}/entries?from=${length}`).then(
      (more) => {
        const fold = foldLog(id, more, log.fold);
        if (isWanted) setLog({ events: [...log.events, ...more], record: recordOf(fold), fold });
      },
      () => {}, // the next change asks again
    );
    return () => {
      isWanted = false;
    };
  }, [id, entries, length]);
  return log;
}
