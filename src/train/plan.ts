import type { Split } from "../data/splits.ts";
import { Fault } from "../fault/fault.ts";
import type { Dtype } from "../math/device.ts";
import type { ActivationDescription } from "../nn/activation.ts";
import { type Architecture, type BatchNorm, isNormalised } from "../nn/architecture.ts";
import { parameterCount } from "../nn/parameters.ts";
import { type AverageDescription, hasBegun } from "../optim/averaged-weights.ts";
import { sharedSettings } from "../optim/rules.ts";
import { cycleLength } from "../record/cycle.ts";
import type { Spec } from "../record/spec.ts";
import { requirePictures } from "./augmented.ts";
import { batchKey } from "./randomness.ts";

/** What the specs and the data together fix before the first step. */
export interface Plan {
  readonly architecture: Architecture;
  readonly batch: number;
  readonly steps: number;
  /** Whole batches an epoch; what is left of the images waits for another epoch's order. */
  readonly stepsPerEpoch: number;
  /** Steps between two measurements of the training and validation sets; absent where there is only the last. */
  readonly measureEvery: number | undefined;
}

/** Parameters of all members together: twice over in double precision, they fit the 4 GiB that a device can address. */
const MOST_PARAMETERS = 200_000_000;

/** @throws Fault `spec` when the runs cannot share batches, or do not fit the data; Fault `data` for a set without images */
export function plan(members: readonly Spec[], data: Split, dtype: Dtype): Plan {
  const [first, ...others] = members;
  const images = data.train.count;
  const stepsPerEpoch = Math.floor(images / first.training.batch);
  const shared = (spec: Spec) => JSON.stringify([populationKey(spec), lengthInSteps(spec, stepsPerEpoch)]);
  const stranger = others.findIndex((spec) => shared(spec) !== shared(first));
  if (stranger >= 0) {
    throw new Fault(
      "spec",
      `members.${stranger + 1}`,
      `its data, order, batch, hidden layers, kind of update, length, measurements or device differ from member 0's`,
      "train runs side by side only where they share all of these; rates, penalties and seeds may differ",
    );
  }
  requireImages(data, first);
  requirePictures(first, data.train.shape, data.train.name);
  const { batch } = first.training;
  if (batch > images) {
    throw new Fault(
      "spec",
      "training.batch",
      `${batch} is more than the ${images} training images`,
      `give training.batch at most ${images}`,
    );
  }
  const { loss } = first.training;
  if (loss !== undefined && data.train.classes.length < 2) {
    const complaint = `${loss.kind}: there is one class, "${data.train.classes[0]}", and nothing to tell it from`;
    throw new Fault("spec", "training.loss.kind", complaint, "give images of two classes or more");
  }
  const widths = [data.train.dimension, ...first.network.hidden, data.train.classes.length];
  const architecture = { members: members.length, widths, ...formOf(first, dtype), loss };
  if (batch === 1 && first.network.hidden.some((_, index) => isNormalised(architecture, index))) {
    throw new Fault(
      "spec",
      "training.batch",
      "1 with batch normalisation: one image is its own mean, so every normalised node is 0 whatever the image",
      "give training.batch at least 2, or leave out network.batchNorm",
    );
  }
  const numbers = parameterCount(architecture) * members.length;
  if (numbers > MOST_PARAMETERS) {
    const size = `${(numbers / 1e6).toFixed(0)} million parameters`;
    throw new Fault(
      "spec",
      "network.hidden",
      `${first.network.hidden.join(", ")}: ${size} in all; at most ${MOST_PARAMETERS / 1e6} million fit`,
      "give fewer nodes, or train fewer members at once",
    );
  }
  return {
    architecture,
    batch,
    steps: lengthInSteps(first, stepsPerEpoch),
    stepsPerEpoch,
    measureEvery: first.evaluate.every === "end" ? undefined : (first.evaluate.every ?? stepsPerEpoch),
  };
}

/** Whether the sets are measured after `step` updates. */
export function isMeasured({ measureEvery, steps }: Plan, step: number): boolean {
  return step === steps || (measureEvery !== undefined && step % measureEvery === 0);
}

/** @throws Fault `data` for a set that a run would measure and that has no images */
export function requireImages(data: Split, { evaluate }: Spec): void {
  const parts = ["train", "validation", ...(evaluate.test ? (["test"] as const) : [])] as const;
  const empty = parts.find((part) => data[part].count === 0);
  if (empty === undefined) return;
  const remedy = empty === "test" ? "give test images, or set evaluate.test to false" : "give it one image or more";
  throw new Fault("data", `data.${empty}`, "has no images, and nothing can be measured on none", remedy);
}

/** What runs have in common that can train side by side, if they are of one length too. */
export function populationKey(spec: Spec): string {
  const { network, training, evaluate, device, dtype } = spec;
  const { alpha: _, ...shape } = network.batchNorm ?? { alpha: 0 };
  const hasDropout = network.dropout > 0;
  return JSON.stringify([
    batchKey(spec),
    network.hidden,
    shape,
    hasDropout,
    ...(activationOf(spec) === undefined ? [] : [activationOf(spec)]),
    ...(network.residual ? ["residual"] : []),
    sharedSettings(training.update),
    ...(training.loss === undefined ? [] : [training.loss]),
    ...(training.clip === undefined ? [] : ["clip"]),
    ...(training.average === undefined ? [] : [sharedAverage(training)]),
    evaluate,
    device,
    dtype,
  ]);
}

/** Where weights are sampled, those that train side by side are sampled together. */
function sharedAverage({ average, ...training }: Spec["training"]): readonly unknown[] {
  return average?.kind === "swa" ? [average, cycleLength(training)] : ["ema"];
}

/** How a run of so many updates averages its weights; undefined where it does not. */
export function averageOf(
  { training }: Spec,
  { steps, stepsPerEpoch }: Pick<Plan, "steps" | "stepsPerEpoch">,
): AverageDescription | undefined {
  const { average } = training;
  if (average === undefined || average.kind === "ema") return average;
  const cycle = cycleLength(training);
  const every = average.every ?? cycle ?? stepsPerEpoch;
  const fromCycle = average.fromCycle === undefined ? undefined : average.fromCycle * (cycle ?? stepsPerEpoch);
  // The last quarter of the run, as in Izmailov et al. 2018.
  return { kind: "swa", first: average.from ?? fromCycle ?? Math.ceil((0.75 * steps) / every) * every, every };
}

/** Whether the run ends before a weight is averaged. */
export function averagesNothing(spec: Spec, course: Pick<Plan, "steps" | "stepsPerEpoch">): boolean {
  const average = averageOf(spec, course);
  return average !== undefined && !hasBegun(average, course.steps);
}

/** Whether measurements compute the statistics that they normalise by, in place of moving averages. */
export function computesStatistics({ network, training }: Spec): boolean {
  const statistics = network.batchNorm?.statistics ?? "running";
  return network.batchNorm !== undefined && (statistics !== "running" || training.average !== undefined);
}

/** The smallest eps that keeps rounding errors of a feature that is constant in a batch from being taken for its variance. */
const smallestEps: Readonly<Record<Dtype, number>> = { f64: 1e-15, f32: 1e-12 };

/** What the hidden layers of a spec's network do; each absent where it does the usual. */
function formOf(spec: Spec, dtype: Dtype): Pick<Architecture, "batchNorm" | "activation" | "residual"> {
  const activation = activationOf(spec);
  return {
    batchNorm: batchNorm(spec, dtype),
    ...(activation && { activation }),
    ...(spec.network.residual && { residual: true }),
  };
}

/** Slope of a leaky ReLU that does not say its own (Maas et al. 2013). */
const USUAL_SLOPE = 0.01;

/** What the hidden nodes of a spec's network make of their scores; undefined for the ReLU. */
export function activationOf({
  network: { activation, slope = USUAL_SLOPE },
}: Spec): ActivationDescription | undefined {
  if (activation === undefined || activation === "relu") return undefined;
  return activation === "leaky-relu" ? { kind: activation, slope } : { kind: activation };
}

function batchNorm({ network }: Spec, dtype: Dtype): BatchNorm | undefined {
  if (network.batchNorm === undefined) return undefined;
  const { place, layers, affine, statistics, eps = smallestEps[dtype] } = network.batchNorm;
  return { place, layers, affine, eps, ...(statistics === "adaptive" && { statistics }) };
}

function lengthInSteps({ training }: Spec, stepsPerEpoch: number): number {
  const { epochs, steps, cycles } = training;
  if (steps !== undefined) return steps;
  if (epochs !== undefined) return epochs * stepsPerEpoch;
  const cycle = cycleLength(training);
  if (cycles === undefined || cycle === undefined) throw new RangeError("a spec that was not parsed");
  const length = cycles * cycle;
  if (Math.abs(length - Math.round(length)) > 1e-6) {
    throw new Fault(
      "spec",
      "training.cycles",
      `${cycles} cycles of ${cycle} steps are ${length} steps, not a whole number`,
      "give training.steps, or cycles that end on a step",
    );
  }
  return Math.round(length);
}
