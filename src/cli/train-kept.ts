import { type KeptTraining, type NewRun, type TrainingOptions, trainAndKeep } from "../lab/train-and-keep.ts";
import type { Store } from "../store/store.ts";
import type { Console } from "./console.ts";
import { fetchProgress } from "./data.ts";
import { checkpointRequests, interruptible } from "./interrupt.ts";
import { trainingProgress } from "./training-progress.ts";

/** Trains a new run, showing progress: stopped by Ctrl-C, it says how to go on. @throws Fault as `trainAndKeep` */
export async function trainKept(
  command: string,
  store: Store,
  newRun: NewRun,
  console: Console,
  checkpoints?: TrainingOptions["checkpoints"],
): Promise<KeptTraining> {
  let id: string | undefined;
  const onBegun = (ids: readonly string[]) => {
    [id] = ids;
  };
  const listen = trainingProgress(console);
  const onFetch = fetchProgress(console);
  const train = async (signal: AbortSignal) =>
    await trainAndKeep(store, [newRun], { signal, onFetch, checkpoints, checkpointRequests, onBegun, listen });
  const [keptTraining] = await interruptible(command, train, () =>
    // Without checkpoints there is nothing to go on from.
    id === undefined || checkpoints === undefined ? "run the command again" : `\`gradus resume ${id}\` goes on`,
  );
  console.settle();
  return keptTraining;
}
