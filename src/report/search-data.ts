import { numberText } from "../plot/number-text.ts";
import type { SearchResult, TrialResult } from "../search/search-result.ts";
import { type SettingLook, trialInterval } from "./search-table.ts";
import type { TextTable } from "./text-table.ts";

// The numbers behind a search's figures, a table each.

/** Accuracies by the value of one parameter. */
export function againstData(result: SearchResult, path: string, look: SettingLook): TextTable {
  const isIn = new Set(result.indistinguishable.trials);
  const trials = drawnTrials(result).toSorted((a, b) => compare(a.setting[path], b.setting[path]) || a.trial - b.trial);
  return data(
    "Numbers of the figure, by the parameter",
    [look.name(path), "trial", "stage", "validation (%)", "95 % interval", "may be best"],
    trials.map((trial) => [
      look.value(path, trial.setting[path]),
      String(trial.trial),
      String(trial.stage + 1),
      accuracyText(trial),
      trialInterval(trial),
      isIn.has(trial.trial) ? "yes" : "",
    ]),
  );
}

/** Trials by their rank, with the values of some parameters. */
export function ranksData(result: SearchResult, paths: readonly string[], look: SettingLook): TextTable {
  const trials = drawnTrials(result).toSorted((a, b) => (b.accuracy ?? -1) - (a.accuracy ?? -1) || a.trial - b.trial);
  return data(
    "Numbers of the figure, by rank",
    ["rank", "trial", ...paths.map(look.name), "validation (%)"],
    trials.map((trial, rank) => [
      String(rank + 1),
      String(trial.trial),
      ...paths.map((path) => look.value(path, trial.setting[path])),
      accuracyText(trial),
    ]),
  );
}

/** Trials in the order they were proposed, and the best until then. */
export function courseData(result: SearchResult): TextTable {
  let most = Number.NEGATIVE_INFINITY;
  return data(
    "Numbers of the figure, in the order of the trials",
    ["trial", "validation (%)", "best so far (%)"],
    drawnTrials(result).map((trial) => {
      most = Math.max(most, trial.state === "finished" ? (trial.accuracy ?? most) : most);
      return [String(trial.trial), accuracyText(trial), Number.isFinite(most) ? numberText(most, "fraction") : ""];
    }),
  );
}

/** Those that a figure shows. */
function drawnTrials({ stages }: SearchResult): TrialResult[] {
  return stages
    .flatMap(({ trials }) => trials)
    .filter(({ state }) => state !== "waiting" && state !== "refused" && state !== "pruned");
}

function accuracyText({ state, accuracy }: TrialResult): string {
  return state === "finished" && accuracy !== undefined ? numberText(accuracy, "fraction") : state;
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return JSON.stringify(a ?? "").localeCompare(JSON.stringify(b ?? ""), "en", { numeric: true });
}

function data(caption: string, headers: readonly string[], rows: readonly (readonly string[])[]): TextTable {
  return {
    caption,
    columns: headers.map((header) => ({ header, kind: header === "may be best" ? "text" : "number" })),
    groups: [{ rows: rows.map((cells) => ({ cells })) }],
    notes: [],
    explanations: [],
  };
}
