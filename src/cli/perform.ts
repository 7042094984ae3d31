import { Fault } from "../fault/fault.ts";
import type { TrainingEvent } from "../record/event.ts";
import type { RunState } from "../record/fold.ts";
import { type RunDocument, runDocument } from "../record/run-document.ts";
import type { Spec } from "../record/spec.ts";
import { outcome } from "../train/train.ts";
import type { Weights } from "../train/weights.ts";
import { type Trainer, trainInThread } from "../worker/train-in-thread.node.ts";
import type { Console } from "./console.ts";
import { runId } from "./run-id.ts";
import { trainingProgress } from "./training-progress.ts";
import { versions } from "./versions.ts";

/** A run that has ended, with what it learned. */
export interface Performed {
  readonly document: RunDocument;
  readonly weights: Weights;
  /** The model's file; of a run that diverged there is none. */
  readonly model?: Uint8Array | undefined;
}

/** Trains one spec, showing progress. @throws Fault, also when `signal` stops it */
export async function perform(
  spec: Spec,
  console: Console,
  signal: AbortSignal,
  wantsModel = false,
): Promise<Performed> {
  let models: readonly Uint8Array[] = [];
  const onModels = (files: readonly Uint8Array[]) => {
    models = files;
  };
  const train: Trainer["train"] = (specs, options) => trainInThread(specs, { ...options, onModels });
  const listen = trainingProgress(console);
  const [performed] = await performTogether([spec], signal, { listen, ...(wantsModel ? { train } : {}) });
  console.settle();
  return performed.document.state === "diverged" ? performed : { ...performed, model: models[0] };
}

interface Together {
  readonly listen?: (event: TrainingEvent, runs: readonly RunState[]) => void;
  /** Weights to begin from, one a spec. */
  readonly initial?: readonly Weights[] | undefined;
  /** Where to train; a thread of its own when absent. */
  readonly train?: Trainer["train"];
}

/** Trains specs that share their mini-batches side by side. @throws Fault, also when `signal` stops it */
export async function performTogether(
  specs: readonly Spec[],
  signal: AbortSignal,
  { listen = () => {}, initial, train = trainInThread }: Together = {},
): Promise<Performed[]> {
  let startedAt = new Date();
  let began = performance.now();
  const { runs, weights } = await outcome(train(specs, { signal, initial }), (event, states) => {
    // From here on it is the training: before were the thread's start and the images.
    if (event.kind === "started") [startedAt, began] = [new Date(), performance.now()];
    listen(event, states);
  });
  signal.throwIfAborted();
  const seconds = (performance.now() - began) / 1000;
  return runs.map((run, member) => {
    const document = runDocument(run, {
      run: runId(run.spec.name, startedAt),
      startedAt: startedAt.toISOString(),
      seconds,
      versions: versions(),
    });
    if (document === undefined) throw new RangeError("the training ended without a result");
    return { document, weights: weights[member] };
  });
}

/** The fault of a run that diverged; undefined for one that did not. */
export function divergenceFault({ divergence }: RunDocument): Fault | undefined {
  if (divergence === undefined) return undefined;
  const { step, layer, where } = divergence;
  if (where === "cost") {
    return new Fault(
      "diverged",
      "training.costLimit",
      `the cost on the training images exceeded its limit at step ${step}`,
      "lower the learning rate (training.schedule), or raise the limit",
    );
  }
  const name = where === "scores" ? `the scores of layer ${layer}` : `${where} (layer ${layer})`;
  return new Fault(
    "diverged",
    "training.schedule",
    `the run diverged: ${name} left the finite numbers at step ${step}`,
    "lower the learning rate (training.schedule), the penalty (training.lambda) or the initial weights (network.initialise)",
  );
}
