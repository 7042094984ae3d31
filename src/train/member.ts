import type { Best, Checkpoint, Early, Measurement, Metrics } from "../record/event.ts";
import type { Spec } from "../record/spec.ts";
import type { Randomness } from "./randomness.ts";
import type { Weights } from "./weights.ts";

/** A run among those it is trained beside: all that is remembered of it outside the device. */
export interface Member {
  /** Its place in the population. */
  readonly place: number;
  readonly spec: Spec;
  readonly random: Randomness;
  /** Since it was begun or resumed. */
  readonly series: Measurement[];
  /** Cost on the training images when first measured. */
  firstCost: number | undefined;
  /** The largest accuracy on the training images so far. */
  highest: number;
  /** Measurements of the validation images so far. */
  looks: number;
  /** The best of them. */
  best: BestState | undefined;
  /** What the last measurement found, finite or not. */
  measured: Measured | undefined;
  /** Why it goes on no longer. */
  ending: "diverged" | Early | "complete" | undefined;
  /** What it left at the step it ended at; undefined as long as it goes on. */
  ended: Ended | undefined;
}

/** What a measurement found after so many updates. */
export interface Measured {
  readonly step: number;
  readonly train: Metrics;
  readonly validation: Metrics;
}

/** The best measurement so far; `look` counts from 1. */
interface BestState extends Measured {
  readonly look: number;
  /** The weights it measured, where they are kept. */
  readonly weights: Weights | undefined;
}

interface Ended {
  readonly step: number;
  /** Its whole state, as a checkpoint holds it. */
  readonly tensors: Weights;
}

export function createMember(place: number, spec: Spec, random: Randomness, from: Checkpoint | undefined): Member {
  return {
    place,
    spec,
    random,
    series: [],
    firstCost: from?.firstCost,
    highest: from?.highest ?? 0,
    looks: from?.looks ?? 0,
    best: from && bestOf(spec, from),
    measured: undefined,
    ending: from?.ended,
    ended: from?.ended && { step: from.step, tensors: stateOf(from) },
  };
}

/** What it takes to go on with a run, whose state is `tensors`. */
export function checkpointOf(member: Member, step: number, tensors: Weights, isUnmeasured: boolean): Checkpoint {
  const { firstCost, highest, looks, best, ending } = member;
  const bestTensors = Object.entries(best?.weights ?? {}).map(([name, tensor]) => [bestPrefix + name, tensor] as const);
  return {
    step,
    tensors: { ...tensors, ...Object.fromEntries(bestTensors) },
    ...(firstCost === undefined ? {} : { firstCost }),
    ...(looks === 0 ? {} : { highest, looks }),
    ...(best === undefined ? {} : { best: withoutWeights(best) }),
    ...(isUnmeasured ? { isUnmeasured } : {}),
    ...(ending === undefined || ending === "complete" ? {} : { ended: ending }),
  };
}

/** In one order, so that a checkpoint's bytes do not tell whether the run was resumed after its best measurement. */
function withoutWeights({ step, train, validation, look }: BestState): Omit<BestState, "weights"> {
  const ordered = ({ loss, cost, accuracy }: Metrics): Metrics => ({ loss, cost, accuracy });
  return { step, train: ordered(train), validation: ordered(validation), look };
}

/** Whose weights the run hands over, where that is not the last update's. */
export function choiceOf({ spec, best, looks, ending }: Member): Best | undefined {
  if (spec.evaluate.keep === "last" || best === undefined || ending === "diverged") return undefined;
  return { step: best.step, looks };
}

const bestPrefix = "best.";

/** A checkpoint's tensors without the best weights: those that training goes on from. */
export function stateOf({ tensors }: Checkpoint): Weights {
  return Object.fromEntries(Object.entries(tensors as Weights).filter(([name]) => !name.startsWith(bestPrefix)));
}

/** The best measurement of a checkpoint; undefined where its weights are wanted and were not kept. */
function bestOf({ evaluate }: Spec, { best, tensors }: Checkpoint): BestState | undefined {
  if (best === undefined) return undefined;
  const bestTensors = Object.entries(tensors as Weights).filter(([name]) => name.startsWith(bestPrefix));
  const weights = Object.fromEntries(bestTensors.map(([name, tensor]) => [name.slice(bestPrefix.length), tensor]));
  if (evaluate.keep === "best") return bestTensors.length === 0 ? undefined : { ...best, weights };
  return { ...best, weights: undefined };
}
