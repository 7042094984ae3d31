import { toExactJson } from "../record/number.ts";
import type { Changes, Follower, Searches } from "./changes.ts";
import type { RunRow } from "./run-row.ts";

/** Milliseconds after which a stream without news says that it is alive. */
const heartbeat = 15_000;
/** Milliseconds after which a browser comes back whose stream has ended. */
const retry = 1000;

/**
 * Server-sent events: what changed in the store after the number `since`, each message with the store's number as its id.
 * A message is of the state now, made when its reader has taken the one before: a reader that is slow gets fewer of them and
 * misses nothing; one that takes none is dropped by the server (`patient-server.ts`).
 */
export function eventStream(follower: Follower, since: number, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  let number = since;
  const running = new Set<string>();
  let searches: Searches | undefined;
  /** What its reader knows of the runs that changed last: what changed while a message was made is asked for again, and may have been in it. */
  let told: ReadonlyMap<string, RunRow> = new Map();
  const isTold = ({ id, entries, state }: RunRow) => {
    const known = told.get(id);
    if (known === undefined) return false;
    // What another reader has asked for may be older than what this one knows.
    return entries < known.entries || (entries === known.entries && state === known.state);
  };
  /** The next news that its reader has not; undefined after a while without. */
  const news = async (): Promise<Changes | undefined> => {
    for (;;) {
      const changes = await follower.next(
        { since: number, running, searching: searches?.searching },
        heartbeat,
        either,
      );
      if (changes === undefined) return undefined;
      number = changes.number;
      const { searching, searched } = changes;
      const isSaid = searched === searches?.searched && searching.join() === searches.searching.join();
      searches = { searching, searched };
      const runs = changes.runs.filter((run) => !isTold(run));
      for (const { id, state } of runs) {
        if (state === "running") running.add(id);
        else running.delete(id);
      }
      for (const id of changes.removed) running.delete(id);
      told = new Map(changes.runs.map((run) => [run.id, isTold(run) ? (told.get(run.id) ?? run) : run]));
      // Where no run has changed, something else has: a search.
      if (!isSaid || runs.length > 0 || changes.removed.length > 0 || changes.runs.length === 0) {
        return runs.length === changes.runs.length ? changes : { ...changes, runs };
      }
    }
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const changes = await news().catch((error: unknown) => {
          controller.error(error);
          ended.abort();
        });
        if (either.aborted) {
          if (!ended.signal.aborted) controller.close();
          return;
        }
        controller.enqueue(
          changes === undefined
            ? encoder.encode(": alive\n\n")
            : follower.encoded(changes, (told) => encoder.encode(messageOf(told))),
        );
      },
      cancel() {
        ended.abort();
      },
    },
    { highWaterMark: 0 },
  );
}

function messageOf(changes: Changes): string {
  return `retry: ${retry}\nid: ${changes.number}\ndata: ${toExactJson(changes)}\n\n`;
}
