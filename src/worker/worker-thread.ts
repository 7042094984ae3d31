import type { ThreadMessage, TrainMessage } from "./messages.ts";
import type { Thread } from "./trainer.ts";

/** A worker as a trainer's thread, and how its platform tells what it says. */
interface WorkerThread {
  readonly thread: Thread;
  readonly hear: (message: TrainMessage) => void;
  /** Hears the last message: the worker has ended, or never began. */
  readonly over: (message: TrainMessage) => void;
}

/** @param end ends the worker; after it `over` has been called */
export function workerThread(worker: { postMessage(message: ThreadMessage): void }, end: () => unknown): WorkerThread {
  let listener: (message: TrainMessage) => void = () => {};
  let isOver = false;
  return {
    thread: {
      say: (message) => worker.postMessage(message),
      listen(hear) {
        listener = hear;
      },
      get isOver() {
        return isOver;
      },
      async end() {
        await end();
      },
    },
    hear: (message) => listener(message),
    over(message) {
      isOver = true;
      listener(message);
    },
  };
}
