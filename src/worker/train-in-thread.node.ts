import { Worker } from "node:worker_threads";
import type { TrainingEvent } from "../record/event.ts";
import type { SpecInput } from "../record/spec.ts";
import type { Weights } from "../train/weights.ts";
import { failureMessage, type TrainMessage } from "./messages.ts";
import { createTrainer, type Thread, type ThreadOptions, type Trainer } from "./trainer.ts";

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

/** A trainer whose thread is one of Node's. */
export function openTrainer(): Trainer {
  return createTrainer(startThread);
}

function startThread(): Thread {
  // Compiled, the file beside this one has another ending.
  const file = new URL(`./thread.node.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
  const worker = new Worker(file);
  let hear: (message: TrainMessage) => void = () => {};
  let isOver = false;
  worker.on("message", (message: TrainMessage) => hear(message));
  worker.on("error", (error) => hear(failureMessage(error)));
  const ended = new Promise<void>((resolve) => {
    worker.once("exit", (code) => {
      isOver = true;
      hear({ defect: `ended with code ${code} before its training` });
      resolve();
    });
  });
  return {
    say: (message) => worker.postMessage(message),
    listen(heard) {
      hear = heard;
    },
    get isOver() {
      return isOver;
    },
    async end() {
      await worker.terminate();
      await ended;
    },
  };
}
