import { cycleLength } from "../record/cycle.ts";
import type { Spec } from "../record/spec.ts";
import { populationKey } from "../train/plan.ts";

/** A training to do, or a chain of them: each begins from the weights that the one before it ended with. */
export interface Task {
  readonly key: string;
  readonly chain: readonly Spec[];
}

/**
 * Tasks that can train side by side, together: at most `most` in the population of a task, populations of one kind about equally
 * large, in the order in which their first tasks came.
 */
export function pack<T extends Task>(tasks: readonly T[], most: (task: T) => number): readonly (readonly T[])[] {
  const kinds = new Map<string, T[]>();
  for (const task of tasks) {
    const kind = JSON.stringify(task.chain.map((spec) => [populationKey(spec), lengthKey(spec)]));
    const alike = kinds.get(kind);
    if (alike === undefined) kinds.set(kind, [task]);
    else alike.push(task);
  }
  return [...kinds.values()].flatMap((alike) => {
    const count = Math.ceil(alike.length / most(alike[0]));
    return Array.from({ length: count }, (_, i) =>
      alike.slice(Math.round((alike.length * i) / count), Math.round((alike.length * (i + 1)) / count)),
    );
  });
}

/** Runs of equal keys are equally long, whatever the data. */
function lengthKey({ training }: Spec): unknown {
  const { epochs, steps, cycles } = training;
  const cycle = cycleLength(training);
  return [epochs, steps, cycles === undefined || cycle === undefined ? cycles : cycles * cycle];
}
