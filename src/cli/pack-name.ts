import type { Pack } from "../cluster/packs.ts";

/** The trials of a pack, and which of their runs: `coarse, trials 0, 1, seed 2`; a setting's first seed is 1. */
export function packName({ study, runs }: Pick<Pack, "study" | "runs">): string {
  const trials = runs.flatMap((run) => run.trials);
  const seeds = runs.map(({ seed }) => seed + 1);
  const folds = runs.flatMap(({ fold }) => fold ?? []);
  return [study, ...listed("trial", trials), ...listed("seed", seeds), ...listed("fold", folds)].join(", ");
}

function listed(noun: string, numbers: readonly number[]): string[] {
  const all = [...new Set(numbers)];
  const shown = all.length > 4 ? [...all.slice(0, 3), "..."] : all;
  return all.length === 0 ? [] : [`${noun}${all.length === 1 ? "" : "s"} ${shown.join(", ")}`];
}
