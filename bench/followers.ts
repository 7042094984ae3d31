import { readFileSync } from "node:fs";
import { type ClientRequest, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Changes } from "../src/server/changes.ts";

/** Somebody who follows a store by its stream of server-sent events. */
export interface Follower {
  /** Entries of each run, as last heard. */
  readonly entries: ReadonlyMap<string, number>;
  /** Messages that told nothing new, or out of order. */
  readonly doubles: number;
  /** Ends the stream, and begins another where that one ended. */
  reconnect(): void;
  close(): void;
}

/** @param hear what is done with each message; the page reads what is new in the logs of runs */
export function follow(url: string, hear: (changes: Changes) => void = () => {}): Follower {
  const entries = new Map<string, number>();
  let doubles = 0;
  let last = 0;
  let request: ClientRequest;
  const open = () => {
    let text = "";
    const headers = last === 0 ? {} : { "last-event-id": String(last) };
    request = get(`${url}api/changes`, { headers, agent: false }, (response) => {
      const mine = request;
      response.setEncoding("utf8").on("data", (part: string) => {
        if (request !== mine) return;
        text += part;
        for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
          const [, id, data] = /^retry: \d+\nid: (\d+)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
          text = text.slice(end + 2);
          if (id !== undefined) take(Number(id), JSON.parse(data));
        }
      });
      response.on("error", ignored);
    }).on("error", ignored);
  };
  const take = (id: number, changes: Changes) => {
    // The first message of a stream says what is so, and may have nothing new.
    if (id < last) doubles += 1;
    last = id;
    for (const run of changes.runs) {
      if (run.entries <= (entries.get(run.id) ?? 0)) doubles += 1;
      entries.set(run.id, run.entries);
    }
    hear(changes);
  };
  open();
  return {
    entries,
    get doubles() {
      return doubles;
    },
    reconnect() {
      request.destroy();
      open();
    },
    close() {
      request.destroy();
    },
  };
}

/** A follower that reads what is new in the logs of runs, as the page of a run does. */
export function viewer(url: string): Follower {
  const read = new Map<string, number>();
  return follow(url, ({ runs }) => {
    for (const { id, entries, state } of runs) {
      const from = read.get(id) ?? 0;
      if (entries <= from || state !== "running") continue;
      read.set(id, entries);
      void fetch(`${url}api/runs/${id}/entries?from=${from}`)
        .then((answer) => answer.text())
        .catch(ignored);
    }
  });
}

/** MiB that a process has resident. @throws Error where the system does not say so in /proc */
export function residentMemory(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

/** Seconds that a process has computed, all its threads. @throws Error where the system does not say so in /proc */
export function processorTime(pid: number): number {
  const [user, kernel] = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ")
    .slice(11, 13);
  return (Number(user) + Number(kernel)) / 100; // a tick is 10 ms on every Linux
}

/** Waits until all followers have heard of all entries, at most so long; returns how many entries of runs were not heard of. */
export async function unheard(all: readonly Follower[], truth: ReadonlyMap<string, number>): Promise<number> {
  const missing = () =>
    all.reduce((sum, { entries }) => sum + [...truth].filter(([id, count]) => entries.get(id) !== count).length, 0);
  for (let waited = 0; waited < 5000 && missing() > 0; waited += 50) await sleep(50);
  return missing();
}

function ignored(): void {}
