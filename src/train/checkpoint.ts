import { Fault } from "../fault/fault.ts";
import type { Parameters } from "../nn/parameters.ts";
import type { Checkpoint } from "../record/event.ts";

/**
 * Refuses checkpoints that a population cannot go on from.
 * @throws Fault `data` for one of another network, another kind of update, a longer run, or another step than its company's.
 */
export function requireFitting(
  checkpoints: readonly Checkpoint[], // one a member
  state: Parameters, // everything that a checkpoint holds, of all members
  steps: number, // of the whole training
): void {
  const refuse = (complaint: string) => {
    throw new Fault("data", "checkpoint", complaint, "resume the run whose checkpoint it is, under its own spec");
  };
  const [first] = checkpoints;
  for (const { step, tensors, isUnmeasured } of checkpoints) {
    if (!Number.isSafeInteger(step) || step < 1 || step > steps) {
      refuse(`is of update ${step}; the run has ${steps} updates`);
    }
    if (step !== first.step || isUnmeasured !== first.isUnmeasured) {
      refuse(`is of update ${step}, another's of update ${first.step}; runs go on side by side from the same`);
    }
    const [found, wanted] = [tensors, state].map((named) => Object.keys(named).sort().join(", "));
    if (found !== wanted) refuse(`holds ${found}; the run needs ${wanted}`);
    for (const [name, { size, shape }] of Object.entries(state)) {
      const { length } = tensors[name].values;
      if (length * shape[0] !== size) refuse(`${name} has ${length} numbers; the run needs ${size / shape[0]}`);
    }
  }
}
