import { createTrainer, type Trainer } from "./trainer.ts";
import { workerThread } from "./worker-thread.browser.ts";

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
  return createTrainer(() =>
    workerThread(new Worker(new URL("./thread.browser.ts", import.meta.url), { type: "module" })),
  );
}
