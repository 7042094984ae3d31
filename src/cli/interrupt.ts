import { constants } from "node:os";
import { Fault } from "../fault/fault.ts";

/** Calls `take` for each SIGUSR1, which asks for a checkpoint now; returns how to end that. Windows has no such signal. */
export function checkpointRequests(take: () => void): () => void {
  if (process.platform === "win32") return () => {};
  process.on("SIGUSR1", take);
  return () => void process.off("SIGUSR1", take);
}

/** What asks a process to end; SIGHUP comes where its terminal is closed. */
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs `work` with a signal that Ctrl-C, SIGTERM and a terminal that is closed abort; another Ctrl-C, a second later or more, ends the process at once.
 * `remedy` says how to go on, when it has come to that.
 * @throws Fault `interrupted` when `work` ended because of it.
 */
export async function interruptible<T>(
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
  remedy: () => string = () => "run the command again",
): Promise<T> {
  const controller = new AbortController();
  let firstAt = Number.NEGATIVE_INFINITY;
  const stop = (signal: NodeJS.Signals) => {
    // Some terminals and process managers deliver one wish twice.
    if (performance.now() - firstAt < 1000) return;
    if (controller.signal.aborted) process.exit(128 + constants.signals[signal]);
    firstAt = performance.now();
    controller.abort(new Fault("interrupted", what, `stopped by ${signal}`, remedy()));
  };
  for (const signal of endings) process.on(signal, stop);
  try {
    const result = await work(controller.signal);
    controller.signal.throwIfAborted();
    return result;
  } finally {
    for (const signal of endings) process.off(signal, stop);
  }
}
