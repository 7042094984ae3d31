import { pageThread } from "./page-thread.browser.ts";
import { createTrainer, type Trainer } from "./trainer.ts";

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
    pageThread(new Worker(new URL("./thread.browser.ts", import.meta.url), { type: "module" })),
  );
}
