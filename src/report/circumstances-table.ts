import { numberText } from "../plot/number-text.ts";
import { cycleLength } from "../record/cycle.ts";
import type { RunDocument } from "../record/run-document.ts";
import { updatesMade } from "./results-table.ts";
import { nothing, type TextTable } from "./text-table.ts";

/** Where, when and on what a run was computed. */
export function circumstancesTable(run: RunDocument): TextTable {
  const { device, spec, examples, seconds } = run;
  const updates = updatesMade(run);
  const facts: readonly (readonly [string, string])[] = [
    ["run", run.run],
    ["started", run.startedAt],
    ["device", `${device.name} (${device.details})`],
    ["numbers", device.dtype === "f32" ? "float32" : "float64"],
    ["seed", String(spec.seed)],
    ["updates", `${numberText(updates, "count")} of ${numberText(run.steps, "count")}`],
    ["epochs", epochsText(updates, run.stepsPerEpoch)],
    ...cyclesFact(run),
    ...handedOverFacts(run),
    ["seconds", numberText(seconds, "seconds")],
    ["updates per second", seconds > 0 ? numberText(updates / seconds, "seconds") : nothing],
    ["training images", numberText(examples.train, "count")],
    ["validation images", numberText(examples.validation, "count")],
    ["test images", numberText(examples.test, "count")],
    ["trainable parameters", numberText(run.parameters, "count")],
    ["SHA-256 of the weights", run.weightsSha256],
    ...Object.entries(run.versions).map(([name, version]) => [`${name} version`, version] as const),
  ];
  return {
    caption: "How it was computed",
    columns: [
      { header: "what", kind: "text" },
      { header: "value", kind: "text" },
    ],
    groups: [{ rows: facts.map((cells) => ({ cells })) }],
    notes: [],
    explanations: ["Seconds: wall time of the training with its measurements, which the updates per second include."],
  };
}

function epochsText(updates: number, stepsPerEpoch: number): string {
  return `${shortText(updates / stepsPerEpoch)} of ${numberText(stepsPerEpoch, "count")} updates`;
}

/** Cycles of the rate, and whether the training ends inside one. */
function cyclesFact({ spec: { training }, steps }: RunDocument): readonly (readonly [string, string])[] {
  const cycle = cycleLength(training);
  if (cycle === undefined) return [];
  const cycles = steps / cycle;
  const whole = Number.isInteger(cycles) ? "" : ": the training ends inside a cycle";
  return [["cycles of the learning rate", `${shortText(cycles)}${whole}`]];
}

/** What is not as usual in what was trained on, and in what was measured. */
function handedOverFacts({ spec: { data, network, training } }: RunDocument): readonly (readonly [string, string])[] {
  const { mixup = 0 } = data.augment ?? {};
  const statistics = network.batchNorm?.statistics ?? "running";
  const isNormalised = network.batchNorm !== undefined && network.hidden.length > 0;
  const facts: readonly (readonly [string, string, boolean])[] = [
    ["trained on", `pairs of training images and their labels, mixed by shares of Beta(${mixup}, ${mixup})`, mixup > 0],
    [
      "weights measured and kept",
      `averages over the updates (${training.average?.kind})`,
      training.average !== undefined,
    ],
    [
      "normalised by",
      statistics === "adaptive"
        ? "the statistics of the images that are measured"
        : "the statistics of all training images",
      isNormalised && (statistics !== "running" || training.average !== undefined),
    ],
  ];
  return facts.filter(([, , isSo]) => isSo).map(([what, value]) => [what, value] as const);
}

function shortText(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toFixed(2))) : nothing;
}
