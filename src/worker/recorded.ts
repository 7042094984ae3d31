import { Fault } from "../fault/fault.ts";
import type { TrainingEvent } from "../record/event.ts";
import type { RunEvent } from "../record/run-event.ts";
import type { SpecInput } from "../record/spec.ts";
import { relayed } from "../train/relayed.ts";
import type { Weights } from "../train/weights.ts";
import { type Addition, modelKept, type RunWriter, writeTogether } from "./run-writer.ts";
import type { ThreadOptions, Trainer } from "./trainer.ts";

export interface RecordedOptions extends ThreadOptions {
  readonly now?: () => number;
  /** Whether the trained models are kept. */
  readonly keepsModels?: boolean | undefined;
}

/**
 * Trains, and writes what happens into the logs of the runs, one writer a spec: an event is passed on when it is on disk.
 * A training that ends, is stopped or fails is closed in its log; one whose process dies is not, and that is how one knows.
 * One that fails before it has started says nothing.
 * @throws Fault as `train` does, and Fault `store` where the store cannot be written: the training stops then
 */
export async function* recorded(
  train: Trainer["train"],
  specs: readonly SpecInput[],
  writers: readonly RunWriter[],
  { now = () => performance.now(), keepsModels = true, ...options }: RecordedOptions = {},
): AsyncGenerator<TrainingEvent, Weights[]> {
  let began = now();
  const seconds = () => (now() - began) / 1000;
  let models: readonly Uint8Array[] = [];
  const diverged = new Set<number>();
  /** Of each member's weights. */
  const steps: number[] = [];
  let hasStarted = false;
  const onModels = (files: readonly Uint8Array[]) => {
    models = files;
    options.onModels?.(files);
  };
  try {
    const weights = yield* relayed(train(specs, keepsModels ? { ...options, onModels } : options), async (event) => {
      // From here on it is the training: before were the thread's start and the images.
      if (event.kind === "started") [hasStarted, began] = [true, now()];
      if (event.kind === "finished") steps[event.member] = event.best?.step ?? event.step;
      if (event.kind === "diverged") diverged.add(event.member);
      const at = seconds();
      await writeTogether(writers, await Promise.all(writers.map((writer) => writer.hear(event, at))));
    });
    if (!hasStarted) return weights;
    const why = options.signal?.aborted ? "interrupted" : "finished";
    const additions = writers.map(async (_, member): Promise<Addition> => {
      const closed: RunEvent = { kind: "closed", why, seconds: seconds() };
      const model = diverged.has(member) ? undefined : models[member];
      if (model === undefined) return { events: [closed] };
      const { events, ...rest } = await modelKept(model, steps[member], seconds());
      return { ...rest, events: [...events, closed] };
    });
    await writeTogether(writers, await Promise.all(additions));
    return weights;
  } catch (error) {
    if (!hasStarted) throw error;
    const complaint = error instanceof Error ? error.message : String(error);
    const failed: Addition = { events: [{ kind: "closed", why: "failed", seconds: seconds(), complaint }] };
    // A store that cannot be written cannot be told so.
    await writeTogether(
      writers,
      writers.map(() => failed),
    ).catch((cause) => {
      if (!(cause instanceof Fault)) throw cause;
    });
    throw error;
  }
}
