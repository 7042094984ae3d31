import type { TrainingEvent } from "../record/event.ts";
import type { RunState } from "../record/fold.ts";
import { decodeRunEvent } from "../record/run-event.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Append, Store } from "../store/store.ts";
import type { Task } from "../worker/pack.ts";
import type { Trainer } from "../worker/trainer.ts";
import { summarise } from "./list-runs.ts";
import { type KeptTraining, trainAndKeep } from "./train-and-keep.ts";

interface TaskOptions {
  readonly signal: AbortSignal;
  /** Where to train. */
  readonly train: Trainer["train"];
  /** What the runs are begun for. */
  readonly purpose: string;
  /** Whose last model is kept; of all others the log alone. */
  readonly keepsModel: (task: Task) => boolean;
  readonly listen: (event: TrainingEvent, runs: readonly RunState[], link: number) => void;
}

/**
 * Trains tasks side by side, link by link of their chains, and keeps their runs when all of them have ended: a process that
 * is stopped before leaves nothing of them, and no update waits for a disk.
 * @throws Fault as `trainAndKeep` does
 */
export async function trainTasks(store: Store, tasks: readonly Task[], options: TaskOptions): Promise<void> {
  const { signal, train, purpose, keepsModel, listen } = options;
  const memory = createMemoryStore();
  const chains: KeptTraining[][] = tasks.map(() => []);
  for (const link of tasks[0].chain.keys()) {
    const runs = tasks.map(({ chain, experiment }, member) => {
      return { spec: chain[link], experiment, purpose, initial: chains[member].at(-1)?.weights };
    });
    const hear = (event: TrainingEvent, states: readonly RunState[]) => listen(event, states, link);
    const trained = await trainAndKeep(memory, runs, { signal, train, listen: hear });
    for (const [member, training] of trained.entries()) chains[member].push(training);
  }
  const modelled = new Set(tasks.flatMap((task, member) => (keepsModel(task) ? [chains[member].at(-1)?.run.id] : [])));
  const ids = chains.flat().map(({ run }) => run.id);
  await store.append(...(await Promise.all(ids.map((id) => wholeLog(memory, id, modelled.has(id))))));
  await summarise(store, ids);
}

/** A run's log from its first entry, with the bytes beside it or without. */
export async function wholeLog(memory: Store, id: string, hasBytes: boolean): Promise<Append> {
  const entries = await memory.read(id);
  if (!hasBytes) {
    const isKept = (entry: string) => decodeRunEvent(entry, id).kind === "kept";
    return { log: id, kind: "run", at: 0, entries: entries.filter((entry) => !isKept(entry)) };
  }
  const artifacts = await memory.artifacts(id);
  const bytes = await Promise.all(artifacts.map((artifact) => memory.get(id, artifact.id)));
  return { log: id, kind: "run", at: 0, entries, put: bytes.filter((piece) => piece !== undefined) };
}
