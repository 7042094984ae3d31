import { Worker } from "node:worker_threads";
import type { Split } from "../data/splits.ts";
import type { TrainingEvent } from "../record/event.ts";
import type { SpecInput } from "../record/spec.ts";
import type { Weights } from "../train/weights.ts";
import { failureMessage, failureOf, type TrainMessage, type TrainOrder } from "./messages.ts";

/** Milliseconds that an aborted thread has to stop by itself; after them it is ended, and there are no weights. */
const PATIENCE = 500;

/**
 * `train`, in a thread of its own: the caller's event loop stays free. Events come as they happen; a caller that stops
 * listening, or aborts `signal`, stops the training within some steps.
 * @throws Fault as `train` does.
 */
export async function* trainInThread(
  specs: SpecInput | readonly SpecInput[],
  options: {
    readonly data?: Split | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly initial?: readonly Weights[] | undefined;
  } = {},
): AsyncGenerator<TrainingEvent, Weights[]> {
  const { data, signal, initial } = options;
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const workerData: TrainOrder = { specs, data, initial, stop };
  // Compiled, the file beside this one has another ending.
  const file = new URL(`./thread.node.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
  const thread = new Worker(file, { workerData });
  const waiting: TrainMessage[] = [];
  let wake = () => {};
  const hear = (message: TrainMessage) => {
    waiting.push(message);
    wake();
  };
  thread.on("message", hear);
  thread.on("error", (error) => hear(failureMessage(error)));
  const ended = new Promise<void>((resolve) => {
    thread.once("exit", (code) => {
      // After its last word nobody listens any more.
      hear(signal?.aborted ? { weights: [] } : { defect: `ended with code ${code} before its training` });
      resolve();
    });
  });
  let patience: NodeJS.Timeout | undefined;
  const abort = () => {
    Atomics.store(stop, 0, 1);
    // Amid a long measurement it does not look.
    patience = setTimeout(() => void thread.terminate(), PATIENCE);
  };
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();

  try {
    for (;;) {
      const message = waiting.shift();
      if (message === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else if ("event" in message) {
        yield message.event;
      } else if ("weights" in message) {
        return [...message.weights];
      } else {
        throw failureOf(message);
      }
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    clearTimeout(patience);
    void thread.terminate();
    await ended;
  }
}
