import { largestOf, smallestOf } from "../math/extremes.ts";
import { numberText, percentText } from "../plot/number-text.ts";
import type { SearchResult, TrialResult } from "../search/search-result.ts";
import { settingName, settingValue } from "./setting-names.ts";
import { nothing, type TextTable } from "./text-table.ts";

/** How settings are named and written. */
export interface SettingLook {
  readonly name: (path: string) => string;
  /** In a column's head; `paths` are all that are varied. */
  readonly header: (path: string, paths: readonly string[]) => string;
  readonly value: (path: string, value: unknown) => string;
}

/** As a spec has them: `training.lambda`. */
export const plainLook: SettingLook = {
  name: (path) => path,
  header: shortPath,
  value: (_, value) => settingText(value),
};

/** As a report has them: `λ`. */
export const reportLook: SettingLook = {
  name: settingName,
  header: settingName,
  value: (path, value) => (value === undefined || value === null ? nothing : settingValue(path, value)),
};

/** The best trials of a search, or those of one stage. */
export function topTable(result: SearchResult, stage?: number, look = plainLook): TextTable {
  const { document, stages } = result;
  const trials = stages.flatMap((stage) => stage.trials);
  const numbers = stage === undefined ? result.order.slice(0, document.top) : stages[stage].top;
  const where = stage === undefined || stages.length === 1 ? "" : ` of stage ${stage + 1}`;
  return {
    ...trialsTable(
      result,
      numbers.map((number) => trials[number]),
      look,
    ),
    caption: `The best ${numbers.length} of ${(stage === undefined ? trials : stages[stage].trials).length} trials${where} of "${result.study}"`,
  };
}

/** Trials, one a row: settings, accuracy with its interval, and whether they may be the best. */
export function trialsTable(result: SearchResult, trials: readonly TrialResult[], look = plainLook): TextTable {
  const paths = Object.keys(result.document.vary);
  const isIn = new Set(result.indistinguishable.trials);
  return {
    caption: `Trials of "${result.study}"`,
    columns: [
      { header: "trial", kind: "number" },
      ...paths.map((path) => ({ header: look.header(path, paths), kind: "number" as const })),
      { header: "validation (%)", kind: "number" },
      { header: "95 % interval", kind: "range" },
      { header: "training (%)", kind: "number" },
      { header: "may be best", kind: "text" },
    ],
    groups: [
      {
        rows: trials.map((trial) => ({
          cells: [
            String(trial.trial),
            ...paths.map((path) => look.value(path, trial.setting[path])),
            trial.state === "finished" ? numberText(trial.accuracy ?? Number.NaN, "fraction") : trial.state,
            trialInterval(trial),
            trial.trainAccuracy === undefined ? nothing : numberText(trial.trainAccuracy, "fraction"),
            isIn.has(trial.trial) ? "yes" : "",
          ],
        })),
      },
    ],
    notes: [],
    explanations: [],
  };
}

/** The best against those after it, as many as the tables have rows; undefined where there is one seed. */
export function comparisonTable({ study, order, comparisons, document }: SearchResult): TextTable | undefined {
  if (comparisons === undefined) return undefined;
  const shown = comparisons.slice(0, document.top);
  const hasMaxT = shown.some(({ maxT }) => maxT !== undefined);
  const hasImages = shown.some(({ images }) => images !== undefined);
  const p = (value: number | undefined) =>
    value === undefined ? nothing : value < 0.001 ? numberText(value, "error") : value.toFixed(3);
  return {
    caption: `Trial ${order[0]} of "${study}", the best, against those after it`,
    columns: [
      { header: "trial", kind: "number" },
      { header: "better by (points)", kind: "number" },
      { header: "95 % interval", kind: "range" },
      { header: "p, paired t", kind: "number" },
      { header: "Holm", kind: "number" },
      ...(hasMaxT
        ? [{ header: "max-T", kind: "number" } as const, { header: "bootstrap", kind: "range" } as const]
        : []),
      ...(hasImages ? [{ header: "McNemar, seed 1", kind: "number" } as const] : []),
    ],
    groups: [
      {
        rows: shown.map(({ trial, difference, low, high, p: ofT, holm, maxT, bootstrap, images }) => ({
          cells: [
            String(trial),
            numberText(difference, "fraction"),
            trialInterval({ low, high }),
            p(ofT),
            p(holm),
            ...(hasMaxT ? [p(maxT), trialInterval(bootstrap ?? {})] : []),
            ...(hasImages ? [p(images?.p)] : []),
          ],
        })),
      },
    ],
    notes: [],
    explanations: [],
  };
}

/** What a search's trials say together, a sentence each. */
export function searchSentences(result: SearchResult, look = plainLook): string[] {
  const { indistinguishable, document, expected, importance, seedsNeeded, final, stages, pareto } = result;
  const trials = stages.flatMap((stage) => stage.trials);
  const count = (state: TrialResult["state"]) => trials.filter((trial) => trial.state === state).length;
  const lost = (["diverged", "failed", "refused", "pruned"] as const).flatMap((state) =>
    count(state) === 0 ? [] : [`${count(state)} ${state}`],
  );
  const set = indistinguishable.trials;
  const carried = "Each trial began with the weights of the one before: only the first is a result of its setting.";
  const sentences = [
    ...(document.carry ? [carried] : []),
    `${trials.length} trials: ${[`${count("finished")} finished`, ...lost].join(", ")}.`,
  ];
  if (set.length === 0) return [...sentences, "No trial has finished: there is no best."];
  sentences.push(
    set.length === 1
      ? `Trial ${set[0]} is the best: all others are significantly worse (95 %).`
      : `${set.length} of ${result.order.length} cannot be told from the best (95 %): ${setText(
          set.map((at) => trials[at]),
          Object.keys(document.vary),
          look,
        )}.`,
  );
  sentences.push(
    indistinguishable.seedDeviation === undefined
      ? "With one seed a setting, what differs from seed to seed is not known: the set rests on there being so few images. `--seeds 3` says more."
      : `From seed to seed ${numberText(indistinguishable.seedDeviation, "fraction")} points; ${numberText(indistinguishable.margin, "fraction")} points below the best is not told apart.`,
  );
  if (expected !== undefined) {
    const { measured, low, high } = expected;
    sentences.push(
      `The best reached ${percentText(measured)}; picked as the best of many it is expected to give ${percentText(expected.expected)} on fresh images (${numberText(low, "fraction")} to ${numberText(high, "fraction")}).`,
    );
  }
  if (seedsNeeded !== undefined && set.length > 1) {
    sentences.push(`About ${seedsNeeded} seeds of each would probably tell the first from the last of them.`);
  }
  if (importance !== undefined && Object.keys(importance).length > 1) {
    const parts = Object.entries(importance).sort(([, a], [, b]) => b - a);
    sentences.push(
      `Importance: ${parts.map(([path, part]) => `${look.name(path)} ${Math.round(100 * part)} %`).join(", ")}.`,
    );
  }
  const makers = makersOf(trials);
  if (makers.length > 0) sentences.push(`Computed by ${makers.join(", ")}.`);
  if (pareto !== undefined)
    sentences.push(`Not beaten in ${document.objectives.join(", ")} together: trials ${pareto.join(", ")}.`);
  for (const { narrowing } of stages) {
    if (narrowing === undefined || narrowing.atEdge.length === 0) continue;
    sentences.push(
      `The best ${narrowing.atEdge.map(look.name).join(", ")} lay at an end of its range: what is sought may lie beyond.`,
    );
  }
  sentences.push(
    final === null
      ? `No trial has seen the test set: \`gradus search --final ${result.study}\` asks it, once.`
      : `Final run ${final.run}, trial ${final.trial} trained on ${numberText(final.trainImages, "count")} images: ${percentText(final.testAccuracy)} of ${numberText(final.testImages, "count")} test images, asked this once.`,
  );
  return sentences;
}

/** Who computed how many runs, where machines share a search: `node-1 (native): 24 runs`. */
function makersOf(trials: readonly TrialResult[]): string[] {
  const counts = new Map<string, number>();
  for (const { by } of trials.flatMap(({ runs }) => runs)) {
    if (by === undefined) continue;
    const who = `${by.host} (${by.device})`;
    counts.set(who, (counts.get(who) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([who, count]) => `${who}: ${count} ${count === 1 ? "run" : "runs"}`);
}

/** Trials that are told one by one where they set different keys, as those of a list do. */
const mostTold = 8;

/** What trials set: from where to where each key lies, or trial by trial where not all set the same keys. */
function setText(trials: readonly TrialResult[], paths: readonly string[], look: SettingLook): string {
  const setPaths = paths.filter((path) => trials.some(({ setting }) => path in setting));
  const areAlike = trials.every(({ setting }) => setPaths.every((path) => path in setting));
  if (areAlike || trials.length > mostTold) {
    const valuesOf = (path: string) => trials.map(({ setting }) => setting[path]);
    return setPaths.map((path) => `${look.name(path)} ${rangeText(path, valuesOf(path), look)}`).join("; ");
  }
  return trials
    .map(({ trial, setting }) => {
      const pairs = setPaths.filter((path) => path in setting);
      return `trial ${trial} (${pairs.map((path) => `${look.name(path)} ${look.value(path, setting[path])}`).join(", ")})`;
    })
    .join("; ");
}

/** A value of a setting as people read it. */
export function settingText(value: unknown): string {
  if (value === undefined || value === null) return nothing;
  return typeof value === "number"
    ? numberText(value, "rate")
    : typeof value === "string"
      ? value
      : JSON.stringify(value);
}

/** From the smallest to the largest of numbers; other values one by one; a dash where there is none. */
export function rangeText(path: string, values: readonly unknown[], look = plainLook): string {
  const present = values.filter((value) => value !== undefined);
  if (present.length === 0) return nothing;
  const numbers = present.filter((value) => typeof value === "number");
  if (numbers.length === present.length && numbers.length > 0) {
    const [low, high] = [smallestOf(numbers), largestOf(numbers)];
    return low === high ? look.value(path, low) : `${look.value(path, low)} to ${look.value(path, high)}`;
  }
  return [...new Set(present.map((value) => look.value(path, value)))].join(", ");
}

export function trialInterval({ low, high }: Pick<TrialResult, "low" | "high">): string {
  if (low === undefined || high === undefined) return nothing;
  return `${numberText(low, "fraction")} to ${numberText(high, "fraction")}`;
}

/** The last key of a path, where no other path has the same. */
function shortPath(path: string, paths: readonly string[]): string {
  const last = (name: string) => name.slice(name.lastIndexOf(".") + 1);
  return paths.filter((otherPath) => last(otherPath) === last(path)).length === 1 ? last(path) : path;
}
