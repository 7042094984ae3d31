import { largestOf, smallestOf } from "../math/extremes.ts";
import { learningStarts, type StartPoint } from "../plot/learning-starts.ts";
import { numberText } from "../plot/number-text.ts";
import { seriesStyles } from "../plot/series-style.ts";
import type { Measurement } from "../record/event.ts";
import type { KeptRun } from "../record/run-record.ts";
import { isTelling, letter, settingPhrase } from "./group-names.ts";
import type { ReportFigure } from "./report-figures.ts";
import { accuracyOf, type SeedGroup } from "./seed-groups.ts";
import { settingName, settingValue } from "./setting-names.ts";
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

/** Columns of settings that a table has room for. */
const mostSettings = 4;

/** A row a setting: where learning starts with its seeds, what the loss came down to, and the accuracy. */
export function learningTable(groups: readonly SeedGroup[]): TextTable {
  const paths = tellingPaths(groups).slice(0, mostSettings);
  return {
    caption: "Where learning starts",
    columns: [
      { header: "", kind: "text" },
      ...paths.map((path) => ({ header: settingName(path), kind: "text" }) as const),
      { header: "seeds", kind: "text" },
      { header: "starts by update", kind: "range" },
      { header: "first training loss", kind: "number" },
      { header: "lowest", kind: "number" },
      { header: "validation (%)", kind: "number" },
    ],
    groups: [
      {
        rows: groups.map((group, at) => {
          const starts = group.sample.map(learningStart);
          const mean = (values: readonly (number | undefined)[]) => {
            const known = values.filter((value) => value !== undefined);
            return known.length === 0 ? nothing : numberText(known.reduce((a, b) => a + b) / known.length, "nats");
          };
          const accuracy = accuracyOf(group, "validation");
          return {
            cells: [
              letter(at),
              ...paths.map((path) => settingValue(path, group.settings.get(path))),
              starts.map(({ seed }) => seed).join(", "),
              startsText(starts.map(({ update }) => update)),
              mean(starts.map(({ first }) => first)),
              mean(starts.map(({ lowest }) => lowest)),
              accuracy === undefined ? nothing : numberText(accuracy.mean, "fraction"),
            ],
          };
        }),
      },
    ],
    notes: [],
    explanations: [
      `Learning starts by the first measured update at which the training loss has made a tenth of its whole fall; it has never started where the loss fell by less than a hundredth. It cannot be told closer than evaluate.every. Of several seeds: the first and the last to start, and means.`,
    ],
  };
}

/** `150`, `100–300`, `never`, and of seeds that disagree `100, never (2 of 3)`. */
function startsText(starts: readonly (number | undefined)[]): string {
  const known = starts.filter((start) => start !== undefined);
  if (known.length === 0) return "never";
  const text = (value: number) => numberText(value, "count");
  const [low, high] = [smallestOf(known), largestOf(known)];
  const range = low === high ? text(low) : `${text(low)}–${text(high)}`;
  const never = starts.length - known.length;
  return never === 0 ? range : `${range}, never (${never} of ${starts.length})`;
}

function tellingPaths(groups: readonly SeedGroup[]): readonly string[] {
  const paths = [...(groups[0]?.settings.keys() ?? [])];
  return paths.filter((path) => groups.every((group) => isTelling(path, group)));
}

/** Where learning starts, and what it comes to, against the one setting that is a number; undefined where there is none. */
export function learningFigure(groups: readonly SeedGroup[]): ReportFigure | undefined {
  const paths = tellingPaths(groups);
  const numeric = paths.filter((path) => groups.every(({ settings }) => typeof settings.get(path) === "number"));
  const path = numeric.find((candidate) => candidate === "network.initialise.sigma") ?? numeric[0];
  if (path === undefined || !groups.some(({ sample }) => sample.some((run) => learningStart(run).within))) {
    return undefined;
  }
  const lines = new Map<string, StartPoint[]>();
  for (const group of groups) {
    const others = paths.filter((other) => other !== path);
    const name = others.map((other) => settingPhrase(other, group.settings.get(other))).join(", ") || "all";
    const point = {
      value: Number(group.settings.get(path)),
      starts: group.sample.map((run) => learningStart(run).update),
      accuracy: accuracyOf(group, "validation"),
    };
    lines.set(name, [...(lines.get(name) ?? []), point]);
  }
  const shown = [...lines].slice(0, seriesStyles.length).map(([name, points]) => ({ name, points }));
  const left = lines.size - shown.length;
  const title = `where learning starts against ${settingName(path)}`;
  return {
    name: "learning",
    title,
    isNarrow: true,
    draw: (layout) => learningStarts({ ...layout, title, parameter: settingName(path), lines: shown }),
    caption: [
      `The update by which learning starts, each seed a marker and a line through the medians, and the validation accuracy with its 95 % interval, against ${settingName(path)}.`,
      "Learning has started where the training loss has made a tenth of its whole fall.",
      ...(left > 0 ? [`The first ${shown.length} lines; ${left} more are in the table.`] : []),
    ].join(" "),
  };
}
