import { Fault } from "../fault/fault.ts";

/**
 * Runs `work` with a signal that Ctrl-C aborts; a second Ctrl-C ends the process at once.
 * @throws Fault `interrupted` when `work` ended because of it.
 */
export async function interruptible<T>(what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(128 + (signal === "SIGINT" ? 2 : 15));
    controller.abort(new Fault("interrupted", what, `stopped by ${signal}`, "run the command again"));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  try {
    const result = await work(controller.signal);
    controller.signal.throwIfAborted();
    return result;
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}
