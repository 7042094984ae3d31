import { Worker } from "node:worker_threads";
import { Fault } from "../fault/fault.ts";
import { aThread, type Room, roomLeft } from "../math/process-limits.node.ts";
import type { TrainingEvent } from "../record/event.ts";
import type { SpecInput } from "../record/spec.ts";
import type { Weights } from "../train/weights.ts";
import { failureMessage, type TrainMessage } from "./messages.ts";
import { createTrainer, type Thread, type ThreadOptions, type Trainer } from "./trainer.ts";
import { workerThread } from "./worker-thread.ts";

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

/** @throws Fault `device` where the limits of this process have no room for a thread */
function startThread(): Thread {
  requireRoom(roomLeft());
  // Compiled, the file beside this one has another ending.
  const file = new URL(`./thread.node.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
  const worker = new Worker(file);
  const { thread, hear, over } = workerThread(worker, async () => {
    await worker.terminate();
    await ended;
  });
  worker.on("message", (message: TrainMessage) => hear(message));
  worker.on("error", (error: NodeJS.ErrnoException) => {
    const isUnstarted = error.code === "ERR_WORKER_INIT_FAILED" || error.code === "ERR_WORKER_OUT_OF_MEMORY";
    hear(failureMessage(isUnstarted ? noThread(error.message) : error));
  });
  const ended = new Promise<void>((resolve) => {
    worker.once("exit", (code) => {
      over({ defect: `ended with code ${code} before its training` });
      resolve();
    });
  });
  return thread;
}

/** @throws Fault `device`; past this, the engine would end the whole process */
export function requireRoom({ addresses, files }: Room): void {
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  if (addresses < aThread.addresses) {
    throw noThread(`it takes ${gigabytes(aThread.addresses)} of addresses, and ${gigabytes(addresses)} are left`);
  }
  if (files < aThread.files) throw noThread(`it takes ${aThread.files} open files, and ${Math.max(0, files)} are left`);
}

function noThread(reason: string): Fault {
  const remedy = "raise the limits of this shell: `ulimit -v unlimited`, `ulimit -n 1024`, `ulimit -u 1024`";
  return new Fault("device", "device", `no thread to train in: ${reason}`, remedy);
}
