import { failureMessage, type TrainMessage } from "./messages.ts";
import type { Thread } from "./trainer.ts";
import { workerThread } from "./worker-thread.ts";

/** A worker of the page's, in which `serveTrainings` runs, as a trainer's thread. */
export function pageThread(worker: Worker): Thread {
  const { thread, hear, over } = workerThread(worker, () => {
    worker.terminate();
    over({ defect: "ended before its training" });
  });
  worker.onmessage = ({ data }: MessageEvent<TrainMessage>) => hear(data);
  worker.onerror = ({ message }) => over(failureMessage(new Error(message || "the worker could not be started")));
  return thread;
}
