import { numberText } from "../plot/number-text.ts";
import { datasetName } from "../record/dataset-name.ts";
import type { Spec } from "../record/spec.ts";
import { leaves } from "../record/spec-difference.ts";

/** `3072-50-10, λ = 0.01, η 1e-5 to 0.1, n_s = 800, 3 cycles, batch 100, seed 1`: what a caption says of a run. */
export function settingsLine(
  { data, network, training, ...spec }: Spec,
  seeds: readonly number[] = [spec.seed],
): string {
  const { activation, slope, residual, batchNorm } = network;
  const isNormalised = network.batchNorm !== undefined && network.hidden.length > 0;
  const update = training.update.kind === "sgd" ? [] : [training.update.kind];
  return [
    networkText(data, network.hidden),
    ...(activation === undefined || activation === "relu" ? [] : [slope ? `${activation} ${slope}` : activation]),
    ...(residual ? ["residual"] : []),
    ...(isNormalised ? [[batchNorm?.statistics, "batch norm"].filter(Boolean).join(" ")] : []),
    ...(network.dropout > 0 ? [`dropout ${numberText(network.dropout, "rate")}`] : []),
    `λ = ${numberText(training.lambda, "rate")}`,
    ...(training.loss === undefined ? [] : [`loss ${namedText(training.loss)}`]),
    ...(data.augment === undefined ? [] : [`augmented (${augmentText(data.augment)})`]),
    ...update,
    ...(training.average === undefined ? [] : [`weights averaged by ${namedText(training.average)}`]),
    rateText(training.schedule),
    ...lengthText(training),
    `batch ${training.batch}`,
    `seed${seeds.length === 1 ? "" : "s"} ${numbersText(seeds)}`,
  ].join(", ");
}

function networkText({ dataset }: Spec["data"], hidden: readonly number[]): string {
  if (dataset === "cifar-10") return [3072, ...hidden, 10].join("-");
  if (dataset === "mnist") return [784, ...hidden, 10].join("-");
  const nodes = hidden.length === 0 ? "softmax regression" : `hidden nodes ${hidden.join("-")}`;
  return `${nodes}, ${datasetName(dataset)}`;
}

function rateText(schedule: Spec["training"]["schedule"]): string {
  const text = (rate: number) => numberText(rate, "rate");
  switch (schedule.kind) {
    case "constant":
      return `η = ${text(schedule.rate)}`;
    case "triangular":
      return `η ${text(schedule.min)} to ${text(schedule.max)}, n_s = ${schedule.halfCycle}`;
    default:
      return `η ${namedText(schedule)}`;
  }
}

/** Settings as they are named, the kind first and what does nothing left out: `cosine (max 0.1)`, `flip 0.5, translate 3`. */
function namedText(settings: object): string {
  const { kind, ...numbers }: { readonly kind?: string } = settings;
  const entries = [...leaves(numbers)]
    .filter(([, value]) => value !== 0)
    .map(([key, value]) => `${key} ${String(value)}`);
  if (kind === undefined) return entries.join(", ");
  return entries.length === 0 ? kind : `${kind} (${entries.join(", ")})`;
}

/** The border counts only where images are moved. */
function augmentText({ border, ...augment }: NonNullable<Spec["data"]["augment"]>): string {
  return namedText(augment.translate > 0 ? { ...augment, border } : augment);
}

function lengthText({ cycles, epochs, steps }: Spec["training"]): readonly string[] {
  const lengths = [
    [cycles, "cycle"],
    [epochs, "epoch"],
    [steps, "update"],
  ] as const;
  return lengths.flatMap(([number, what]) =>
    number === undefined ? [] : [`${number} ${what}${number === 1 ? "" : "s"}`],
  );
}

/** `1 to 5`, and where numbers are missing `1, 3, 4`. */
function numbersText(numbers: readonly number[]): string {
  const isRow = numbers.every((number, index) => number === numbers[0] + index);
  return isRow && numbers.length > 2 ? `${numbers[0]} to ${numbers.at(-1)}` : numbers.join(", ");
}
