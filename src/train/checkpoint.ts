import { Fault } from "../fault/fault.ts";
import { parameterNamed } from "../nn/parameters.ts";
import { cycleLength } from "../record/cycle.ts";
import type { Checkpoint } from "../record/event.ts";
import type { Spec } from "../record/spec.ts";
import { show } from "../record/spec-fault.ts";
import { stateOf } from "./member.ts";
import type { Plan } from "./plan.ts";
import { averagePrefix, stateShapes } from "./state.ts";
import type { Weights } from "./weights.ts";

/**
 * Refuses checkpoints that a population cannot go on from.
 * @throws Fault `spec` naming the key of `spec` that does not fit them: another network, another kind of update, too few
 * updates; Fault `data` for one of another step than the population's.
 */
export function requireFitting(
  checkpoints: readonly Checkpoint[], // one a member
  { architecture, steps, stepsPerEpoch }: Plan,
  spec: Spec, // of a member: what is refused, they share
): void {
  const shapes = stateShapes(architecture, spec.training);
  // Those that have ended stay what they were, whatever the rest of their population does.
  const [first] = checkpoints.filter(({ ended }) => ended === undefined);
  for (const checkpoint of checkpoints) {
    const { step, isUnmeasured } = checkpoint;
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new Fault("data", "checkpoint", `is of update ${step}`, "take an older checkpoint");
    }
    const goesOn = checkpoint.ended === undefined;
    if (goesOn && (step !== first.step || isUnmeasured !== first.isUnmeasured)) {
      const complaint = `is of update ${step}, another's of update ${first.step}`;
      throw new Fault("data", "checkpoint", complaint, "let runs go on side by side from the same update");
    }
    if (step > steps) throw tooShort(step, steps, stepsPerEpoch, spec);
    requireShapes(stateOf(checkpoint), shapes, spec);
  }
}

/** The refusal of a run that has no updates left after a checkpoint's. */
export function tooShort(step: number, steps: number, stepsPerEpoch: number, { training }: Spec): Fault {
  const { epochs, cycles } = training;
  const cycle = cycleLength(training) ?? steps;
  const [key, least] =
    epochs !== undefined
      ? ["epochs", Math.floor(step / stepsPerEpoch) + 1]
      : cycles !== undefined
        ? ["cycles", Math.floor(step / cycle) + 1]
        : ["steps", step + 1];
  const complaint = `${training[key as "epochs"]}: ${steps} updates in all, and the checkpoint has made ${step}`;
  return new Fault(
    "spec",
    `training.${key}`,
    complaint,
    `give it more: --set training.${key}=${least}, or a larger one`,
  );
}

function requireShapes(
  tensors: Weights,
  shapes: ReadonlyMap<string, readonly number[]>,
  { network, training, data }: Spec,
): void {
  const refuse = (key: string, complaint: string) => {
    const remedy = `leave ${key} as it was; another one needs a new run, with \`gradus train\``;
    throw new Fault("spec", key, complaint, remedy);
  };
  const layersOf = (names: Iterable<string>) => [...names].filter((name) => parameterNamed(name)?.role === "W");
  const checkpointShapes = layersOf(Object.keys(tensors)).map((name) => tensors[name].shape);
  const specShapes = layersOf(shapes.keys()).map((name) => shapes.get(name) ?? []);
  const hidden = (shapes: readonly (readonly number[])[]) => shapes.slice(0, -1).map(([out]) => out);
  if (show(hidden(checkpointShapes)) !== show(hidden(specShapes))) {
    refuse("network.hidden", `${show(network.hidden)}; the checkpoint's network has ${show(hidden(checkpointShapes))}`);
  }
  const [inputs, needed] = [checkpointShapes, specShapes].map(([[, dimension]]) => dimension);
  if (inputs !== needed) {
    refuse(
      "data.dataset",
      `${show(data.dataset)}: images of ${needed} numbers; the checkpoint's network takes ${inputs}`,
    );
  }
  const [classes, present] = [checkpointShapes, specShapes].map((shapes) => shapes[shapes.length - 1][0]);
  if (classes !== present) {
    refuse("data.dataset", `${show(data.dataset)}: ${present} classes; the checkpoint's network has ${classes}`);
  }
  for (const name of new Set([...Object.keys(tensors), ...shapes.keys()])) {
    if (Object.hasOwn(tensors, name) && shapes.has(name)) continue;
    const complaint = `the checkpoint has ${Object.hasOwn(tensors, name) ? "" : "no "}${name}`;
    if (name.startsWith(`${averagePrefix}.`)) refuse("training.average", `${show(training.average)}: ${complaint}`);
    if (name.includes(".")) refuse("training.update", `${show(training.update)}: ${complaint}`);
    refuse("network.batchNorm", `${show(network.batchNorm)}: ${complaint}`);
  }
}
