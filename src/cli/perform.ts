import { randomBytes } from "node:crypto";
import { Fault } from "../fault/fault.ts";
import { type RunDocument, runDocument } from "../record/run-document.ts";
import type { Spec } from "../record/spec.ts";
import { outcome } from "../train/train.ts";
import type { Weights } from "../train/weights.ts";
import { trainInThread } from "../worker/train-in-thread.node.ts";
import type { Console } from "./console.ts";
import { trainingProgress } from "./training-progress.ts";
import { versions } from "./versions.ts";

/** A run that has ended, with what it learned. */
export interface Performed {
  readonly document: RunDocument;
  readonly weights: Weights;
}

/** Trains one spec, showing progress. @throws Fault, also when `signal` stops it */
export async function perform(spec: Spec, console: Console, signal: AbortSignal): Promise<Performed> {
  let startedAt = new Date();
  let began = performance.now();
  const show = trainingProgress(console);
  const { runs, weights } = await outcome(trainInThread(spec, { signal }), (event, states) => {
    // From here on it is the training: before were the thread's start and the images.
    if (event.kind === "started") [startedAt, began] = [new Date(), performance.now()];
    show(event, states);
  });
  signal.throwIfAborted();
  const document = runDocument(runs[0], {
    run: runId(spec.name, startedAt),
    startedAt: startedAt.toISOString(),
    seconds: (performance.now() - began) / 1000,
    versions: versions(),
  });
  if (document === undefined) throw new RangeError("the training ended without a result");
  console.settle();
  return { document, weights: weights[0] };
}

/** The fault of a run that diverged; undefined for one that did not. */
export function divergenceFault({ divergence }: RunDocument): Fault | undefined {
  if (divergence === undefined) return undefined;
  const { step, layer, where } = divergence;
  const name = where === "scores" ? `the scores of layer ${layer}` : `${where} (layer ${layer})`;
  return new Fault(
    "diverged",
    "training.schedule",
    `the run diverged: ${name} left the finite numbers at step ${step}`,
    "lower the learning rate (training.schedule), the penalty (training.lambda) or the initial weights (network.initialise)",
  );
}

// Sorts by time, and is unlike any other machine's.
function runId(name: string, at: Date): string {
  const time = at.toISOString().replace(/[-:]|\.\d+/g, "");
  const word = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 24);
  return `${time}-${word}-${randomBytes(3).toString("hex")}`;
}
