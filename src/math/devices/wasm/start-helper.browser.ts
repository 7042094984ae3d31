import type { StartHelper } from "./team.ts";

/** Workers of a page's that wait to be helpers of a team. */
export interface Helpers {
  readonly count: number;
  /** Makes one of them a helper. */
  readonly startHelper: StartHelper;
  /** Ends all of them. */
  close(): void;
}

/**
 * Starts so many workers and waits until each runs: a worker starts only while the thread that asked for it is free, and a
 * team waits for its helpers without being so. Fewer are there where the page gets fewer.
 */
export async function openHelpers(
  wanted: number,
  patience = 10_000, // milliseconds
): Promise<Helpers> {
  const workers = Array.from(
    { length: wanted },
    () => new Worker(new URL("./helper.browser.ts", import.meta.url), { type: "module" }),
  );
  const ready = await Promise.all(workers.map((worker) => isReady(worker, patience)));
  const idle = workers.filter((_, index) => ready[index]);
  return {
    count: idle.length,
    startHelper(_source, order) {
      const helper = idle.pop();
      if (helper === undefined) throw new RangeError("startHelper: all helpers are at work");
      helper.postMessage(order);
      return () => helper.terminate();
    },
    close() {
      for (const worker of workers) worker.terminate();
    },
  };
}

function isReady(worker: Worker, patience: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patience, false);
    const done = (isThere: boolean) => {
      clearTimeout(timer);
      resolve(isThere);
    };
    worker.onmessage = () => done(true);
    worker.onerror = () => done(false);
  });
}
