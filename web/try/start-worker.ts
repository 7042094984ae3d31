/** Starts a worker of the page's. */
export function startWorker(name: "training" | "looking"): Worker {
  // The name is an option of the worker alone, not of its program, which is the same for both.
  return name === "training"
    ? new Worker(new URL("./page-worker.ts", import.meta.url), { type: "module", name: "training" })
    : new Worker(new URL("./page-worker.ts", import.meta.url), { type: "module", name: "looking" });
}
