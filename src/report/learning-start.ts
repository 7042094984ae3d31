import { numberText } from "../plot/number-text.ts";
import type { Measurement } from "../record/event.ts";
import type { KeptRun } from "../record/run-record.ts";
import { letter } from "./group-names.ts";
import type { SeedGroup } from "./seed-groups.ts";
import { nothing, type TextTable } from "./text-table.ts";

/** The part of its whole fall that the training loss has made where learning starts. */
const MADE = 0.1;
/** The part of its first value by which a loss must fall at least for anything to have been learned. */
const LEAST = 0.01;

/** Where a run's training loss began to fall. */
export interface LearningStart {
  readonly run: string;
  readonly seed: number;
  /** The first measured update with a tenth of the loss's whole fall behind it; undefined where it fell by less than a hundredth. */
  readonly update: number | undefined;
  /** Updates between two measurements: it cannot be told closer. */
  readonly within: number | undefined;
  /** The training loss as first measured, and at its lowest. */
  readonly first: number | undefined;
  readonly lowest: number | undefined;
}

/** Where a measured course begins to fall; undefined where it does not. */
export function startOf(series: readonly Pick<Measurement, "step" | "train">[]): number | undefined {
  const losses = series.map(({ train }) => train.loss);
  if (losses.length === 0) return undefined;
  const [first] = losses;
  const fall = first - losses.reduce((least, loss) => (loss < least ? loss : least), first);
  if (!(fall >= LEAST * first)) return undefined;
  return series.find(({ train }) => first - train.loss >= MADE * fall)?.step;
}

export function learningStart({ id, spec, training }: KeptRun): LearningStart {
  const series = training?.series ?? [];
  const losses = series.map(({ train }) => train.loss);
  return {
    run: id,
    seed: spec.seed,
    update: startOf(series),
    within: series.length > 1 ? series[1].step - series[0].step : undefined,
    first: losses[0],
    lowest: losses.length === 0 ? undefined : losses.reduce((least, loss) => (loss < least ? loss : least)),
  };
}

/** A row a setting: where learning starts with each seed, and what the loss came down from and to. */
export function learningTable(groups: readonly SeedGroup[]): TextTable {
  const loss = (value: number | undefined) => (value === undefined ? nothing : numberText(value, "rate"));
  return {
    caption: "Where learning starts",
    columns: [
      { header: "", kind: "text" },
      { header: "seed", kind: "number" },
      { header: "starts by update", kind: "number" },
      { header: "first training loss", kind: "number" },
      { header: "lowest", kind: "number" },
    ],
    groups: [
      {
        rows: groups.flatMap(({ sample }, at) =>
          sample.map(learningStart).map((start) => ({
            cells: [
              letter(at),
              String(start.seed),
              start.update === undefined ? "never" : numberText(start.update, "count"),
              loss(start.first),
              loss(start.lowest),
            ],
          })),
        ),
      },
    ],
    notes: [],
    explanations: [
      "Learning starts by the first measured update at which the training loss has made a tenth of its whole fall; it has never started where the loss fell by less than a hundredth. It cannot be told closer than evaluate.every.",
    ],
  };
}
