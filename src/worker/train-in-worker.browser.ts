import { failureMessage, type TrainMessage } from "./messages.ts";
import { createTrainer, type Thread, type Trainer } from "./trainer.ts";

/**
 * A trainer whose thread is a worker of the page: the page stays free while it trains.
 *
 * ```ts
 * const trainer = openTrainer();
 * for await (const event of trainer.train(spec, { data })) if (event.kind === "measured") draw(event.measurement);
 * await trainer.close();
 * ```
 */
export function openTrainer(): Trainer {
  return createTrainer(startWorker);
}

function startWorker(): Thread {
  const worker = new Worker(new URL("./thread.browser.ts", import.meta.url), { type: "module" });
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
