import { Fault } from "../fault/fault.ts";
import { divergencePlace } from "../record/divergence-place.ts";
import type { RunDocument } from "../record/run-document.ts";
import type { Spec } from "../record/spec.ts";

/** The fault of a run that diverged, whose remedy goes on from its last finite checkpoint where it is kept; undefined for one that did not. */
export function divergenceFault({ divergence, run, spec }: RunDocument, isKept = true): Fault | undefined {
  if (divergence === undefined) return undefined;
  const lower = lowerRate(spec)
    .map((change) => ` --set ${change}`)
    .join("");
  const remedy = isKept
    ? `lower the learning rate: gradus resume ${run} --fork${lower}`
    : `lower the learning rate:${lower}`;
  const { step, where } = divergence;
  if (where === "cost") {
    return new Fault(
      "diverged",
      "training.costLimit",
      `the cost on the training images exceeded its limit at step ${step}`,
      `${remedy}; or raise the limit`,
    );
  }
  const { name } = divergencePlace(divergence);
  return new Fault(
    "diverged",
    "training.schedule",
    `the run diverged: ${name} left the finite numbers at step ${step}`,
    `${remedy}; or train anew with a smaller penalty (training.lambda) or smaller initial weights (network.initialise)`,
  );
}

/** A schedule of a tenth of the rates, as `--set` takes it. */
function lowerRate({ training: { schedule } }: Spec): string[] {
  const tenth = (rate: number) => Number((rate / 10).toPrecision(3));
  if (schedule.kind === "constant" || schedule.kind === "step-decay") {
    return [`training.schedule.rate=${tenth(schedule.rate)}`];
  }
  return (["min", "max"] as const).map((end) => `training.schedule.${end}=${tenth(schedule[end])}`);
}
