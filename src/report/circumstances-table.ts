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

function shortText(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toFixed(2))) : nothing;
}
