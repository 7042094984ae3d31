import { Worker } from "node:worker_threads";
import type { StartHelper } from "./team.ts";

/** A helper as a thread of Node. */
export const startNodeHelper: StartHelper = (source, workerData) => {
  const text = `(${source})(require("node:worker_threads").workerData)`;
  const helper = new Worker(text, { eval: true, workerData, execArgv: [] });
  helper.unref();
  helper.on("error", () => {}); // who waits for it finds out
  return () => void helper.terminate();
};
