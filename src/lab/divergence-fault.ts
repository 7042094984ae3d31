import { Fault } from "../fault/fault.ts";
import type { RunDocument } from "../record/run-document.ts";

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
