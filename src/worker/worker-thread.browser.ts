import { failureMessage, type TrainMessage } from "./messages.ts";
import type { Thread } from "./trainer.ts";

/** A worker of the page's, in which `serveTrainings` runs, as a trainer's thread. */
export function workerThread(worker: Worker): Thread {
  let hear: (message: TrainMessage) => void = () => {};
  let isOver = false;
  const over = (message: TrainMessage) => {
    isOver = true;
    hear(message);
  };
  worker.onmessage = ({ data }: MessageEvent<TrainMessage>) => hear(data);
  worker.onerror = ({ message }) => over(failureMessage(new Error(message || "the worker could not be started")));
  return {
    say: (message) => worker.postMessage(message),
    listen(listener) {
      hear = listener;
    },
    get isOver() {
      return isOver;
    },
    async end() {
      worker.terminate();
      over({ defect: "ended before its training" });
    },
  };
}
