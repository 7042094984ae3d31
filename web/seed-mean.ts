import type { Spread } from "../src/plot/comparison.ts";
import type { Metric, Part } from "../src/plot/metric.ts";
import type { Measurement } from "../src/record/event.ts";

/** Runs that differ in their seed only. */
export interface Group {
  readonly name: string;
  readonly series: readonly (readonly Measurement[])[];
}

/** One line for a group: of several seeds their mean at each update that all have measured, and how far they lie apart. */
export function meanOfGroup({ name, series }: Group, metric: Metric, part: Part) {
  const [first, ...others] = series;
  if (first === undefined || others.length === 0) return { name, series: first ?? [], band: [] as Spread[] };
  const byStep = others.map((rows) => new Map(rows.map((row) => [row.step, row])));
  const common = first.flatMap((row) => {
    const rows = [row, ...byStep.flatMap((rows) => rows.get(row.step) ?? [])];
    return rows.length === series.length ? [rows] : [];
  });
  const values = common.map((rows) => rows.map((row) => row[part][metric]));
  return {
    name,
    series: common.map(([row], index) => {
      const mean = values[index].reduce((sum, value) => sum + value, 0) / values[index].length;
      return { ...row, [part]: { ...row[part], [metric]: mean } };
    }),
    band: common.map(([{ step }], index) => ({
      step,
      low: Math.min(...values[index]),
      high: Math.max(...values[index]),
    })),
  };
}
