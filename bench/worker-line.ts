/** What a worker has said of a pack of one run. */
export interface WorkerLine {
  readonly what: "began" | "done";
  readonly trial: number;
  readonly attempt: number;
}

/** The lines of `gradus worker` that say when a pack began and ended; others are passed over. */
export function workerLines(text: string): WorkerLine[] {
  const lines = text.matchAll(/^(began|done) .*, trial (\d+), seed \d+(?:, attempt (\d+))?$/gm);
  return Array.from(lines, ([, what, trial, attempt = "1"]) => ({
    what: what as WorkerLine["what"],
    trial: Number(trial),
    attempt: Number(attempt),
  }));
}
