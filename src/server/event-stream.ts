import { toExactJson } from "../record/number.ts";
import type { Follower } from "./changes.ts";

/** Milliseconds after which a stream without news says that it is alive. */
const heartbeat = 15_000;

/**
 * Server-sent events: what changed in the store after the number `since`, each message with the store's number as its id.
 * A message is of the state now, made when its reader has taken the one before: a reader that is slow gets fewer of them and
 * misses nothing, and one that takes none for `patience` milliseconds is dropped.
 */
export function eventStream(
  follower: Follower,
  since: number,
  signal: AbortSignal,
  patience = 30_000,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  let number = since;
  const running = new Set<string>();
  let stalled: NodeJS.Timeout | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(stalled);
        const changes = await follower.next(number, running, heartbeat, either).catch((error: unknown) => {
          controller.error(error);
          ended.abort();
        });
        if (either.aborted) {
          if (!ended.signal.aborted) controller.close();
          return;
        }
        if (changes === undefined) controller.enqueue(encoder.encode(": alive\n\n"));
        else {
          number = changes.number;
          for (const { id, state } of changes.runs) {
            if (state === "running") running.add(id);
            else running.delete(id);
          }
          for (const id of changes.removed) running.delete(id);
          controller.enqueue(encoder.encode(`id: ${number}\ndata: ${toExactJson(changes)}\n\n`));
        }
        stalled = setTimeout(() => {
          ended.abort();
          controller.error(new Error("the reader of this stream has stalled"));
        }, patience).unref();
      },
      cancel() {
        clearTimeout(stalled);
        ended.abort();
      },
    },
    { highWaterMark: 0 },
  );
}
