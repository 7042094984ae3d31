import { Worker } from "node:worker_threads";
import type { Split } from "../data/splits.ts";
import type { Checkpoint, TrainingEvent } from "../record/event.ts";
import type { SpecInput } from "../record/spec.ts";
import type { Weights } from "../train/weights.ts";
import { type CheckpointRhythm, failureMessage, failureOf, type TrainMessage, type TrainOrder } from "./messages.ts";

/** Milliseconds that an aborted thread has to stop by itself; after them it is ended, and there are no weights. */
const PATIENCE = 500;

export interface ThreadOptions {
  /** The images; those that the spec names when absent. */
  readonly data?: Split | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Weights to begin from, one a spec. */
  readonly initial?: readonly Weights[] | undefined;
  /** Checkpoints to go on from, one a spec. */
  readonly resume?: readonly Checkpoint[] | undefined;
  /** When to take checkpoints; none when absent. */
  readonly checkpoints?: CheckpointRhythm | undefined;
  /** Hears the trained models as files, one a spec, when the training has run to its end. */
  readonly onModels?: ((models: readonly Uint8Array[]) => void) | undefined;
}

/** A thread that trains one population after another; it keeps the images of the last one for the next. */
export interface Trainer {
  /**
   * `train`, in the thread: the caller's event loop stays free. Events come as they happen; a caller that stops
   * listening, or aborts `signal`, stops the training within some steps.
   * @throws Fault as `train` does.
   */
  train(specs: SpecInput | readonly SpecInput[], options?: ThreadOptions): AsyncGenerator<TrainingEvent, Weights[]>;
  /** Ends the thread. */
  close(): Promise<void>;
}

/** Trains in a thread that lives as long as this training. */
export async function* trainInThread(
  specs: SpecInput | readonly SpecInput[],
  options: ThreadOptions = {},
): AsyncGenerator<TrainingEvent, Weights[]> {
  const trainer = openTrainer();
  try {
    return yield* trainer.train(specs, options);
  } finally {
    await trainer.close();
  }
}

export function openTrainer(): Trainer {
  // Compiled, the file beside this one has another ending.
  const file = new URL(`./thread.node.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
  const thread = new Worker(file);
  let hear: (message: TrainMessage) => void = () => {};
  let isOver = false;
  thread.on("message", (message: TrainMessage) => hear(message));
  thread.on("error", (error) => hear(failureMessage(error)));
  const ended = new Promise<void>((resolve) => {
    thread.once("exit", (code) => {
      isOver = true;
      hear({ defect: `ended with code ${code} before its training` });
      resolve();
    });
  });
  const close = () => {
    void thread.terminate();
    return ended;
  };
  return {
    close,
    async *train(specs, { signal, onModels, ...order } = {}) {
      if (isOver) throw new RangeError("the training thread has been closed");
      const waiting: TrainMessage[] = [];
      let wake = () => {};
      hear = (message) => {
        waiting.push(message);
        wake();
      };
      const stop = new Int32Array(new SharedArrayBuffer(4));
      let patience: NodeJS.Timeout | undefined;
      const abort = () => {
        Atomics.store(stop, 0, 1);
        // Amid a long measurement it does not look.
        patience = setTimeout(close, PATIENCE);
      };
      signal?.addEventListener("abort", abort);
      if (signal?.aborted) abort();
      let isDone = false;
      try {
        thread.postMessage({ ...order, specs, models: onModels !== undefined, stop } satisfies TrainOrder);
        for (;;) {
          const message = waiting.shift();
          if (message === undefined) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          } else if ("event" in message) {
            yield message.event;
          } else {
            isDone = true;
            if ("weights" in message) {
              if (message.models !== undefined) onModels?.(message.models);
              return [...message.weights];
            }
            if (isOver && signal?.aborted) return [];
            throw failureOf(message);
          }
        }
      } finally {
        signal?.removeEventListener("abort", abort);
        clearTimeout(patience);
        hear = () => {};
        if (!isDone) await close();
      }
    },
  };
}
