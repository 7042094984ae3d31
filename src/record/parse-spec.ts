import { Fault } from "../fault/fault.ts";
import { checkDataset } from "./check-dataset.ts";
import { cycleLength } from "./cycle.ts";
import { requireNoAddress } from "./no-address.ts";
import { type Spec, specSchema } from "./spec.ts";
import { show, specFault } from "./spec-fault.ts";

/**
 * A complete spec from what a file or caller gave, defaults filled in.
 * @throws Fault `spec`, naming the first key at fault, its value and the remedy.
 */
export function parseSpec(input: unknown): Spec {
  requireNoAddress(input);
  const result = specSchema.safeParse(input);
  if (!result.success) throw specFault(result.error.issues, input);
  return checked(stratifiedByDefault(result.data));
}

/** Files are often sorted by class: what is held out of them has all classes, unless the spec says otherwise. */
function stratifiedByDefault(spec: Spec): Spec {
  const { dataset, split } = spec.data;
  if (dataset === "cifar-10" || split.kind !== "hold-out" || split.stratified !== undefined) return spec;
  return { ...spec, data: { ...spec.data, split: { ...split, stratified: true } } };
}

/**
 * Sets one value of a spec not yet parsed, as `--set training.lambda=0.1` does; undefined removes the key, so that its
 * default holds. The input is not changed.
 * @throws Fault `spec` when the path leads through a value that holds no keys, or to an item that a list does not have.
 */
export function setPath(input: unknown, path: string, value: unknown, above: readonly string[] = []): unknown {
  const [key, ...rest] = path.split(".");
  const isPlain = typeof input === "object" && input !== null;
  if (!isPlain && input !== undefined) {
    const complaint = `${show(input)} has no keys, so no "${key}"`;
    throw new Fault("spec", above.join(".") || "spec", complaint, "name a key of the spec");
  }
  const keyPath = [...above, key];
  if (Array.isArray(input) && !Object.keys(input).includes(key)) {
    throw new Fault("spec", keyPath.join("."), `the list ${show(input)} has no item "${key}"`, "give the whole list");
  }
  const inner = isPlain && Object.hasOwn(input, key) ? (input as Record<string, unknown>)[key] : undefined;
  const set = rest.length === 0 ? value : setPath(inner, rest.join("."), value, keyPath);
  if (Array.isArray(input)) return input.with(Number(key), set);
  const others = Object.entries(input ?? {}).filter(([name]) => name !== key);
  // Object.fromEntries defines keys, so even "__proto__" is only an unknown key, refused by the schema.
  return Object.fromEntries(set === undefined ? others : [...others, [key, set]]);
}

// What one schema cannot say: how keys must go together.
function checked(spec: Spec): Spec {
  checkDataset(spec);
  const { training, network } = spec;
  const lengths = (["epochs", "steps", "cycles"] as const).filter((key) => training[key] !== undefined);
  if (lengths.length !== 1) {
    const givenLengths = lengths.length === 0 ? "none is given" : `${lengths.join(" and ")} are given`;
    throw new Fault(
      "spec",
      lengths[1] === undefined ? "training" : `training.${lengths[1]}`,
      `a run's length is one of epochs, steps and cycles: ${givenLengths}`,
      lengths.length === 0
        ? "give exactly one of training.epochs, training.steps and training.cycles"
        : `keep one: ${lengths.map((key) => `--set training.${key}= takes ${key} away`).join(", ")}`,
    );
  }
  if (training.costLimit !== undefined && spec.evaluate.every === "end") {
    throw new Fault(
      "spec",
      "training.costLimit",
      `${training.costLimit} compares costs with the first one, which evaluate.every "end" does not measure`,
      "give evaluate.every a number of updates, or leave out training.costLimit",
    );
  }
  for (const [key, isAsked] of [
    ["training.patience", training.patience !== undefined],
    ["evaluate.keep", spec.evaluate.keep === "best"],
  ] as const) {
    if (!isAsked || spec.evaluate.every !== "end") continue;
    throw new Fault(
      "spec",
      key,
      'chooses among measurements, and evaluate.every "end" makes one',
      `measure more often: --set evaluate.every= measures every epoch; or leave out ${key}`,
    );
  }
  const { schedule } = training;
  if (training.cycles !== undefined && cycleLength(training) === undefined) {
    throw new Fault(
      "spec",
      "training.cycles",
      `${training.cycles} with a ${schedule.kind} schedule, which has no cycles`,
      "count in epochs: --set training.cycles= --set training.epochs=10; or give a triangular schedule, or a cosine one with a cycle",
    );
  }
  const isBetween = schedule.kind === "triangular" || schedule.kind === "cosine" || schedule.kind === "linear";
  if (isBetween && schedule.min > schedule.max) {
    throw new Fault(
      "spec",
      "training.schedule.min",
      `${schedule.min} lies above max: ${schedule.max}`,
      "exchange the two rates",
    );
  }
  if (network.slope !== undefined && network.activation !== "leaky-relu") {
    const activation = network.activation ?? "relu";
    throw new Fault(
      "spec",
      "network.slope",
      `${network.slope} is the slope of a leaky ReLU below 0, and network.activation is ${show(activation)}`,
      "--set network.activation=leaky-relu, or leave out network.slope: --set network.slope=",
    );
  }
  const { mixup = 0 } = spec.data.augment ?? {};
  if (mixup > 0 && mixup < 0.05) {
    throw new Fault(
      "spec",
      "data.augment.mixup",
      `${mixup} mixes next to nothing: nine shares of ten would lie within 1e-6 of 0 or 1`,
      "give 0.05 to 4, or leave it out: --set data.augment.mixup=",
    );
  }
  if (mixup > 0 && training.loss?.kind === "hinge") {
    throw new Fault(
      "spec",
      "data.augment.mixup",
      `${mixup} gives an image two labels, each a share, and the hinge compares one label's score with the others'`,
      "give a loss that takes shares: --set training.loss.kind=softmax, or sigmoid; or leave out mixup: --set data.augment.mixup=",
    );
  }
  const { average } = training;
  if (average?.kind === "swa" && average.fromCycle !== undefined) {
    const isTwice = average.from !== undefined;
    if (isTwice || cycleLength(training) === undefined) {
      throw new Fault(
        "spec",
        "training.average.fromCycle",
        isTwice
          ? `${average.fromCycle} cycles, and training.average.from says ${average.from} updates`
          : `${average.fromCycle} with a ${training.schedule.kind} schedule, which has no cycles`,
        isTwice
          ? "keep one: --set training.average.from= takes the other away"
          : "count in updates: --set training.average.fromCycle= --set training.average.from=1000",
      );
    }
  }
  const widths = new Set(network.hidden);
  if (network.residual && widths.size > 1) {
    throw new Fault(
      "spec",
      "network.residual",
      `a layer of ${[...widths][1]} nodes cannot add the ${[...widths][0]} that it reads: network.hidden is ${show(network.hidden)}`,
      `give all hidden layers one width: --set 'network.hidden=${show(network.hidden.map(() => network.hidden[0]))}'`,
    );
  }
  const { initialise } = network;
  if (initialise.kind === "uniform" && initialise.low >= initialise.high) {
    throw new Fault(
      "spec",
      "network.initialise.low",
      `${initialise.low} does not lie below high: ${initialise.high}`,
      "give an interval that is not empty",
    );
  }
  return spec;
}
