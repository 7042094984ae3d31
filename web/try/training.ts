import { signal } from "@preact/signals";
import type { Checkpoint } from "../../src/record/event.ts";
import { fold, type RunState } from "../../src/record/fold.ts";
import type { Spec } from "../../src/record/spec.ts";
import { pageThread } from "../../src/worker/page-thread.browser.ts";
import { createTrainer, type Trainer } from "../../src/worker/trainer.ts";
import type { PickedFiles } from "./image-source.ts";
import { createPace } from "./pace.ts";
import { pageClock } from "./page-clock.ts";
import { startWorker } from "./start-worker.ts";

/** A training of the page, as it is now. */
export interface PageTraining {
  readonly spec: Spec;
  readonly picked: PickedFiles;
  readonly state: "beginning" | "running" | "stopping" | "stopped" | "finished" | "diverged" | "failed";
  /** What its events say, as everybody folds them. */
  readonly run?: RunState | undefined;
  /** The weights as they were last looked at, and after how many updates. */
  readonly seen?: Checkpoint | undefined;
  readonly failure?: unknown;
  /** The trained model as a file. */
  readonly model?: Uint8Array | undefined;
  /** Seconds that it has trained, pauses that slow it down included. */
  readonly seconds: number;
}

export const training = signal<PageTraining | undefined>(undefined);

/** Milliseconds that the listener waits at every 20 updates, so that a person can watch; the weights are the same. */
export const pause = signal(0);

/** Milliseconds between two looks at the weights, at least. */
const lookEvery = 250;

let trainer: Trainer | undefined;
let stopping = new AbortController();
/** What it was opened with: another file of the same name is another. */
let openedWith: PickedFiles | undefined;

function trainerFor(picked: PickedFiles): Trainer {
  if (trainer !== undefined && openedWith === picked) return trainer;
  void trainer?.close();
  openedWith = picked;
  trainer = createTrainer(() => {
    const worker = startWorker("training");
    worker.postMessage({ picked });
    return pageThread(worker);
  });
  return trainer;
}

/** Begins a training, or goes on with the one that was stopped. Resolves when it ends or stops. */
export async function train(spec: Spec, picked: PickedFiles, from?: PageTraining): Promise<void> {
  stopping.abort();
  const abort = new AbortController();
  stopping = abort;
  const resume = from?.seen === undefined ? {} : { resume: [from.seen] };
  let now: PageTraining = {
    spec,
    picked,
    state: "beginning",
    run: from?.run,
    seen: from?.seen,
    seconds: from?.seconds ?? 0,
  };
  const began = performance.now();
  const show = (changes: Partial<PageTraining>) => {
    now = { ...now, ...changes, seconds: (from?.seconds ?? 0) + (performance.now() - began) / 1000 };
    if (stopping === abort) training.value = now;
  };
  show({});
  let runs: readonly RunState[] = from?.run === undefined ? [] : [from.run];
  let askForLook = () => {};
  let looked = 0;
  const pace = createPace(pageClock);
  try {
    const events = trainerFor(picked).train(spec, {
      signal: abort.signal,
      checkpoints: {},
      ...resume,
      checkpointRequests: (take) => {
        askForLook = take;
        return () => {
          askForLook = () => {};
        };
      },
      onModels: ([model]) => {
        now = { ...now, model };
      },
    });
    for await (const event of events) {
      runs = fold(runs, event);
      if (event.kind === "checkpoint") now = { ...now, seen: event.checkpoints[0] };
      // Not every event is worth a picture, nor is what is learned looked at more often than it is shown.
      if (pace.isDue()) {
        pace.draw(() => show({ run: runs[0], state: abort.signal.aborted ? "stopping" : "running" }));
        if (performance.now() - looked > lookEvery) {
          looked = performance.now();
          askForLook();
        }
      }
      if (event.kind === "progress" && pause.value > 0 && !abort.signal.aborted) await sleep(pause.value);
    }
    show({ run: runs[0], state: endOf(runs[0], abort.signal.aborted) });
  } catch (failure) {
    show({ failure, state: "failed" });
  }
}

/** Stops it after the update it is in, to go on later with the same bits. */
export function stop(): void {
  if (training.value?.state === "running" || training.value?.state === "beginning") {
    training.value = { ...training.value, state: "stopping" };
  }
  stopping.abort();
}

function endOf(run: RunState | undefined, isStopped: boolean): PageTraining["state"] {
  if (run?.divergence !== undefined) return "diverged";
  if (run?.final !== undefined) return "finished";
  return isStopped ? "stopped" : "failed";
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
