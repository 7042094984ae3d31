import { largestOf, smallestOf } from "../math/extremes.ts";
import { comparison, type Spread } from "../plot/comparison.ts";
import { type Metric, metrics, type Part } from "../plot/metric.ts";
import type { Reference } from "../plot/reference-line.ts";
import { seriesStyles } from "../plot/series-style.ts";
import type { Measurement, Metrics } from "../record/event.ts";
import type { KeptRun } from "../record/run-record.ts";
import { groupName, letter } from "./group-names.ts";
import type { ReportFigure } from "./report-figures.ts";
import { reportedLines } from "./reported-lines.ts";
import type { SeedGroup } from "./seed-groups.ts";
import { settingsLine } from "./settings-line.ts";

/** Lines across a figure that its reader can tell apart. */
const mostReferences = 3;

/** Several settings' curves on one axis, validation images; undefined where fewer than two have any. */
export function overlaidFigure(groups: readonly SeedGroup[], metric: Metric): ReportFigure | undefined {
  const drawn = groups
    .map((group, index) => ({ name: curveName(groups, index), ...meanCurve(group.sample, metric, "validation") }))
    .filter(({ series }) => series.length > 1);
  if (drawn.length < 1 || (drawn.length === 1 && drawn[0].band.length === 0)) return undefined;
  const shownGroups = drawn.slice(0, seriesStyles.length);
  const left = drawn.length - shownGroups.length;
  const perEpoch = [...new Set(groups.flatMap(({ sample }) => sample.map(({ training }) => training?.stepsPerEpoch)))];
  const settings = groups.length === 1 ? "" : ` of ${shownGroups.length} settings`;
  const title = `validation ${metric}${settings} against update step`;
  const hasBand = shownGroups.some(({ band }) => band.length > 0);
  return {
    name: `validation-${metric}`,
    title,
    isNarrow: true,
    draw: (layout) =>
      comparison({
        ...layout,
        title,
        metric,
        part: "validation",
        runs: shownGroups,
        references: referencesOf(groups, metric),
        ...(perEpoch.length === 1 && perEpoch[0] !== undefined ? { stepsPerEpoch: perEpoch[0] } : {}),
      }),
    caption: [
      `Validation ${metric}${metrics[metric].unit === "%" ? " in percent" : " in nats"} against the update step.`,
      ...(hasBand ? ["Of several seeds: the mean, and a band from the smallest value to the largest."] : []),
      ...(groups.length <= 3 ? [settingsOf(groups)] : []),
      ...(left > 0 ? [`The first ${shownGroups.length} settings; ${left} more are in the table.`] : []),
    ].join(" "),
  };
}

/** Alone it needs no letter. */
function curveName(groups: readonly SeedGroup[], index: number): string {
  return groups.length === 1 ? `mean of ${groups[0].sample.length} seeds` : groupName(groups[index], index);
}

/** What was published for any of the settings, once. */
function referencesOf(groups: readonly SeedGroup[], metric: Metric): readonly Reference[] {
  const lines = groups.flatMap(({ sample }, index) =>
    reportedLines(sample[0], metric).map(({ name, value }) => {
      return { name: groups.length === 1 ? name : `${letter(index)} ${name}`, value };
    }),
  );
  return lines.slice(0, mostReferences);
}

function settingsOf(groups: readonly SeedGroup[]): string {
  const lines = groups.map(({ sample }, index) => {
    const seeds = sample.map(({ spec }) => spec.seed);
    const line = settingsLine(sample[0].spec, seeds);
    return groups.length === 1 ? line : `${letter(index)}: ${line}`;
  });
  return `${lines.join("; ")}.`;
}

/** The mean of runs at the steps where all were measured, and between what they lie where they are several. */
export function meanCurve(
  runs: readonly KeptRun[],
  metric: Metric,
  part: Part,
): { readonly series: readonly Measurement[]; readonly band: readonly Spread[] } {
  const measured = runs.map(({ training }) => new Map((training?.series ?? []).map((row) => [row.step, row])));
  const [first, ...others] = measured;
  const common = [...first.values()].filter(({ step }) => others.every((rows) => rows.has(step)));
  const at = (step: number) => measured.flatMap((rows) => rows.get(step) ?? []);
  const series = common.map((row) => {
    const rows = at(row.step);
    const mean = (of: Part): Metrics => averaged(rows.map((row) => row[of]));
    return { ...row, train: mean("train"), validation: mean("validation") };
  });
  if (others.length === 0) return { series, band: [] };
  const band = common.map(({ step }) => {
    const values = at(step).map((row) => row[part][metric]);
    return { step, low: smallestOf(values), high: largestOf(values) };
  });
  return { series, band };
}

function averaged(rows: readonly Metrics[]): Metrics {
  const mean = (metric: Metric) => rows.reduce((sum, row) => sum + row[metric], 0) / rows.length;
  return { loss: mean("loss"), cost: mean("cost"), accuracy: mean("accuracy") };
}
