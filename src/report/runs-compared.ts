import { numberText } from "../plot/number-text.ts";
import type { Metrics } from "../record/event.ts";
import type { KeptRun } from "../record/run-record.ts";
import { leaves } from "../record/spec-difference.ts";
import { meanInterval } from "../stats/mean-interval.ts";
import { wilsonInterval } from "../stats/wilson.ts";
import { intervalNote, rangeText } from "./accuracy-text.ts";
import { settingText } from "./run-table.ts";
import { latestMetrics } from "./runs-table.ts";
import { nothing, type TextTable } from "./text-table.ts";

/** Runs that differ in nothing but their seed. */
export interface Company {
  readonly runs: readonly KeptRun[];
  /** Of the settings that differ among all that are compared, its own; undefined where it has none. */
  readonly settings: ReadonlyMap<string, unknown>;
}

/** An accuracy with its 95 % interval, as fractions. */
export interface Accuracy {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Runs that it is the mean of. Of one, the interval is of the images drawn; of several, of the seeds. */
  readonly n: number;
}

/** Names, and what does not decide a number. */
const aside = new Set(["name", "seed", "device"]);

/** Runs by what they were told, seeds apart; in the order in which they were given. */
export function companies(runs: readonly KeptRun[]): readonly Company[] {
  const told = runs.map(({ spec, data }) => {
    const settings = new Map([...leaves(spec)].filter(([path]) => !aside.has(path)));
    for (const { file, sha256 } of data) settings.set(`data ${file}`, sha256.slice(0, 12));
    return settings;
  });
  const paths = [...new Set(told.flatMap((settings) => [...settings.keys()]))];
  const differing = paths.filter((path) => new Set(told.map((settings) => settingText(settings.get(path)))).size > 1);
  const groups = new Map<string, { runs: KeptRun[]; settings: Map<string, unknown> }>();
  for (const [i, run] of runs.entries()) {
    const settings = new Map(differing.map((path) => [path, told[i].get(path)]));
    const key = JSON.stringify([...settings]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { runs: [run], settings });
    else group.runs.push(run);
  }
  return [...groups.values()];
}

/** The accuracy of a company on a set of images; undefined where not all its runs were measured there. */
export function accuracyOf({ runs }: Company, part: "train" | "validation" | "test"): Accuracy | undefined {
  const measured = runs.map((run) => latestMetrics(run)[part]);
  if (!measured.every((metrics): metrics is Metrics => metrics !== undefined)) return undefined;
  const accuracies = measured.map(({ accuracy }) => accuracy);
  if (!accuracies.every(Number.isFinite)) return undefined;
  if (accuracies.length > 1) return meanInterval(accuracies);
  const [low, high] = wilsonInterval(accuracies[0], runs[0].training?.examples[part] ?? 0);
  return { mean: accuracies[0], low, high, n: 1 };
}

/** The settings that differ, and nothing else. */
export function settingsTable(compared: readonly Company[]): TextTable {
  const paths = [...(compared[0]?.settings.keys() ?? [])];
  return {
    caption: paths.length === 0 ? "No setting differs but seeds and names" : "Settings that differ",
    columns: [
      { header: "setting", kind: "text" },
      ...compared.map((_, i) => ({ header: letter(i), kind: "text" }) as const),
    ],
    groups: [
      {
        rows: paths.map((path) => ({
          cells: [path, ...compared.map(({ settings }) => settingText(settings.get(path)))],
        })),
      },
    ],
    notes: compared.map(({ runs }, i) => `${letter(i)}: ${runs.map(({ id }) => id).join(", ")}`),
    explanations: [],
  };
}

/** What each company came to, with 95 % intervals, and how far from the first. */
export function comparedTable(compared: readonly Company[]): TextTable {
  const parts = (["train", "validation", "test"] as const).filter((part) =>
    compared.some((company) => accuracyOf(company, part) !== undefined),
  );
  const cell = (company: Company, part: (typeof parts)[number]) => {
    const accuracy = accuracyOf(company, part);
    if (accuracy === undefined) return [nothing, nothing];
    return [numberText(accuracy.mean, "fraction"), rangeText(accuracy.low, accuracy.high)];
  };
  const words = { train: "training", validation: "validation", test: "test" };
  const hasSeeds = compared.some(({ runs }) => runs.length > 1);
  return {
    caption: "Accuracy (%)",
    columns: [
      { header: "", kind: "text" },
      { header: "runs", kind: "number" },
      { header: "state", kind: "text" },
      ...parts.flatMap((part) => [
        { header: words[part], kind: "number" } as const,
        { header: "95 % interval", kind: "range" } as const,
      ]),
    ],
    groups: [
      {
        rows: compared.map((company, i) => ({
          cells: [
            letter(i),
            String(company.runs.length),
            [...new Set(company.runs.map(({ state }) => state))].join(", "),
            ...parts.flatMap((part) => cell(company, part)),
          ],
        })),
      },
    ],
    notes: [
      intervalNote,
      ...(hasSeeds
        ? ["Of several runs: the mean over their seeds, and Student's 95 % interval for it."]
        : ["One run each: train every setting with several seeds before one is called better."]),
    ],
    explanations: [],
  };
}

/** A, B, ..., Z, A1, ... */
function letter(index: number): string {
  const round = Math.floor(index / 26);
  return String.fromCharCode(65 + (index % 26)) + (round === 0 ? "" : String(round));
}
