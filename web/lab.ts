import { computed, signal } from "@preact/signals";
import { fromExactJson } from "../src/record/number.ts";
import type { Changes } from "../src/server/changes.ts";
import type { RunRow } from "../src/server/run-row.ts";
import { ask } from "./ask.ts";

/** What is served. */
export interface Lab {
  readonly place: string;
  readonly version: string;
  readonly isReadOnly: boolean;
}

export const lab = signal<Lab | undefined>(undefined);
/** Whether what the page shows is what is. */
export const connection = signal<"connecting" | "live" | "lost">("connecting");

/** When a search last wrote, and who searches, as last heard: another text means that something has changed. */
export const searchesVersion = signal("");

const knownRuns = signal<ReadonlyMap<string, RunRow>>(new Map());

/** All runs, the one that began last first. */
export const runs = computed(() => [...knownRuns.value.values()].reverse());

const seenRunning = new Set<string>();

/** Whether this page has seen the run running: it stays where it was watched when it has ended. */
export function wasSeenRunning(id: string): boolean {
  return seenRunning.has(id);
}

export function runNamed(id: string): RunRow | undefined {
  return knownRuns.value.get(id);
}

/** Follows the store: one stream for the whole page, which the browser resumes by the number of its last message. */
export function followLab(): void {
  const stream = new EventSource("/api/changes");
  stream.onopen = () => {
    void ask<Lab>("/api/lab").then((answer) => {
      lab.value = answer;
    }, ignored);
  };
  stream.onmessage = ({ data }) => {
    connection.value = "live";
    const { runs, removed, searching, searched } = fromExactJson(data) as Changes;
    searchesVersion.value = [searched, ...searching].join();
    const next = new Map(knownRuns.value);
    for (const run of runs) {
      next.set(run.id, run);
      if (run.state === "running") seenRunning.add(run.id);
    }
    for (const id of removed) next.delete(id);
    knownRuns.value = next;
  };
  stream.onerror = () => {
    connection.value = "lost";
    // A browser gives up where it was answered by something else, e.g. by a server that is being started.
    if (stream.readyState === EventSource.CLOSED) setTimeout(followLab, 1000);
  };
}

/** The stream says itself when the server has gone. */
function ignored(): void {}
