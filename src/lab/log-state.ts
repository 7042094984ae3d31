import { Fault } from "../fault/fault.ts";
import type { Store } from "../store/store.ts";

/** A log as it lies in the store. */
export interface LogState<Event> {
  /** Its events by position; undefined where an entry is damaged or missing. */
  readonly events: readonly (Event | undefined)[];
  /** Positions of entries that are as they were written, and that this Gradus does not understand. */
  readonly strange: readonly number[];
}

/** `length` is what the store notes of the log: its end may be missing. */
export async function readLogState<Event>(
  { maintenance }: Store,
  log: string,
  length: number,
  decode: (body: string, place: string) => Event,
): Promise<LogState<Event>> {
  const entries = await maintenance.entries(log);
  const events: (Event | undefined)[] = Array.from({
    length: Math.max(length, (entries.at(-1)?.position ?? -1) + 1),
  });
  const strange: number[] = [];
  for (const { position, body, isSound } of entries) {
    if (!isSound) continue;
    try {
      events[position] = decode(body, log);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      strange.push(position);
    }
  }
  return { events, strange };
}

/** Positions of a log's entries that are damaged or missing. */
export function lostPositions<Event>({ events, strange }: LogState<Event>): readonly number[] {
  return [...events.keys()].filter((position) => events[position] === undefined && !strange.includes(position));
}
