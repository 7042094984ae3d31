import type { TrainingEvent } from "../record/event.ts";
import type { RunState } from "../record/fold.ts";
import type { Spec } from "../record/spec.ts";
import type { Append, Store } from "../store/store.ts";
import {
  type KeptTraining,
  type NewRun,
  type ResumedRun,
  type TrainingOptions,
  trainAndKeep,
} from "./train-and-keep.ts";

/** Trainings one after the other: each begins from the weights that the one before it ended with. */
export interface Chain extends Pick<NewRun, "experiment" | "purpose" | "tags"> {
  readonly chain: readonly Spec[];
}

/** How far chains are that are gone on with. */
export interface ChainsBegun {
  /** What came of their first links, as many of each chain. [chain][link] */
  readonly ended: readonly (readonly KeptTraining[])[];
  /** Their next links, which had begun. [chain] */
  readonly resumed?: readonly ResumedRun[] | undefined;
}

export interface ChainOptions extends Omit<TrainingOptions, "listen" | "isListed"> {
  readonly begun?: ChainsBegun | undefined;
  readonly listen?:
    | ((event: TrainingEvent, runs: readonly RunState[], link: number) => void | Promise<void>)
    | undefined;
  /** Hears what came of a link of all chains, before the next one begins. [chain] */
  readonly onLink?: ((trained: readonly KeptTraining[], link: number) => Promise<void>) | undefined;
}

/**
 * Trains chains side by side, link by link; of most there is one link. They are kept in `memory`, where no update waits for a disk, and
 * where a process that is stopped leaves nothing.
 * @throws Fault as `trainAndKeep` does
 */
export async function trainChains(
  memory: Store,
  chains: readonly Chain[],
  { listen, onLink, begun, ...options }: ChainOptions,
): Promise<KeptTraining[][]> {
  const trained: KeptTraining[][] = chains.map((_, member) => [...(begun?.ended[member] ?? [])]);
  const [{ length: first }] = trained;
  for (const link of [...chains[0].chain.keys()].slice(first)) {
    const fresh = chains.map(({ chain, experiment, purpose, tags }, member) => {
      return { spec: chain[link], experiment, purpose, tags, initial: trained[member].at(-1)?.weights };
    });
    const runs = (link === first ? begun?.resumed : undefined) ?? fresh;
    const hear = (event: TrainingEvent, states: readonly RunState[]) => listen?.(event, states, link);
    const trainings = await trainAndKeep(memory, runs, { ...options, isListed: false, listen: hear });
    await onLink?.(trainings, link);
    for (const [member, training] of trainings.entries()) trained[member].push(training);
  }
  return trained;
}

/** A run's log from its first entry, with the bytes beside it or without. */
export async function wholeLog(memory: Store, id: string, hasBytes: boolean): Promise<Append> {
  const entries = await memory.read(id);
  if (!hasBytes) {
    const isKept = (entry: string) => JSON.parse(entry).kind === "kept";
    return { log: id, kind: "run", at: 0, entries: entries.filter((entry) => !isKept(entry)) };
  }
  const artifacts = await memory.artifacts(id);
  const bytes = await Promise.all(artifacts.map((artifact) => memory.get(id, artifact.id)));
  return { log: id, kind: "run", at: 0, entries, put: bytes.filter((piece) => piece !== undefined) };
}
