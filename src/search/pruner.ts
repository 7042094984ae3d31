import type { Pruner } from "./search-document.ts";

/** A trial's value after so many updates; higher is better. */
export interface Progress {
  readonly trial: number;
  readonly series: readonly { readonly step: number; readonly value: number }[];
}

/**
 * Trials to end now, of those that train side by side, all `step` updates far. What came of earlier trials counts where the rule
 * looks at them. A pure decision: the same series give the same answer.
 */
export function pruned(
  rule: Pruner,
  active: readonly Progress[],
  earlier: readonly Progress[],
  step: number,
  length: number, // updates of a whole run
): readonly number[] {
  switch (rule.kind) {
    case "none":
    // Decides by the study's log: `asynchronous-halving.ts`.
    case "asynchronous-successive-halving":
      return [];
    case "median":
      return belowMedian(active, earlier, step, rule.after);
    case "successive-halving":
      return isRung(rungs(rule.first, rule.eta, length), active, step) ? beyondBest(active, step, rule.eta) : [];
    case "hyperband":
      return byBracket(active, rule, length).flatMap((members, bracket) =>
        isRung(rungs(rule.first * rule.eta ** bracket, rule.eta, length), members, step)
          ? beyondBest(members, step, rule.eta)
          : [],
      );
  }
}

/** Updates at which successive halving looks: `first`, `first` eta, `first` eta^2, ... below `length` (Jamieson and Talwalkar 2016). */
export function rungs(first: number, eta: number, length: number): number[] {
  const steps: number[] = [];
  for (let step = first; step < length; step *= eta) steps.push(step);
  return steps;
}

/** The rung that a measurement is the first to reach: one that none falls on is looked at by the next after it. */
export function rungReached(steps: readonly number[], active: readonly Progress[], step: number): number | undefined {
  const before = active[0]?.series.findLast((point) => point.step < step)?.step ?? 0;
  return steps.findLast((rung) => before < rung && rung <= step);
}

function isRung(steps: readonly number[], active: readonly Progress[], step: number): boolean {
  return rungReached(steps, active, step) !== undefined;
}

/** All but the best 1/eta, rounded down but one at least (Li et al. 2018, algorithm 1, line 9). Equal ones: the earlier trial stays. */
function beyondBest(active: readonly Progress[], step: number, eta: number): number[] {
  const kept = Math.max(1, Math.floor(active.length / eta));
  return ranked(active, step).slice(kept);
}

function ranked(active: readonly Progress[], step: number): number[] {
  const value = (progress: Progress) => valueAt(progress, step) ?? Number.NEGATIVE_INFINITY;
  return active.toSorted((a, b) => value(b) - value(a) || a.trial - b.trial).map(({ trial }) => trial);
}

/** Hyperband's brackets, the one that looks earliest first: the trials in turn, in proportion to the brackets' sizes. */
function byBracket(
  active: readonly Progress[],
  { first, eta }: Extract<Pruner, { kind: "hyperband" }>,
  length: number,
): Progress[][] {
  const sizes = brackets(Math.max(1, length / first), eta).map(([rung]) => rung.trials);
  const turn = sizes.flatMap((size, bracket) => Array.from({ length: size }, () => bracket));
  return sizes.map((_, bracket) => active.filter(({ trial }) => turn[trial % turn.length] === bracket));
}

/** Trials and updates of Hyperband's brackets and rungs, for at most `most` = R units (Li et al. 2018, table 1). */
export function brackets(most: number, eta: number): { trials: number; units: number }[][] {
  const last = Math.floor(Math.log(most) / Math.log(eta) + 1e-9); // s_max
  return Array.from({ length: last + 1 }, (_, i) => {
    const s = last - i;
    const n = Math.ceil(((last + 1) / (s + 1)) * eta ** s);
    return Array.from({ length: s + 1 }, (_, rung) => ({
      trials: Math.floor(n / eta ** rung),
      units: Math.round(most * eta ** (rung - s)),
    }));
  });
}

/** Those below the median of all others after the same update (Golovin et al. 2017, section 3.2.2), where there are three others. */
function belowMedian(active: readonly Progress[], earlier: readonly Progress[], step: number, after: number): number[] {
  return active.flatMap((progress) => {
    const value = valueAt(progress, step);
    const count = progress.series.filter((point) => point.step > 0 && point.step <= step).length;
    if (value === undefined || count < after) return [];
    const others = [...active, ...earlier]
      .filter(({ trial }) => trial !== progress.trial)
      .flatMap((other) => valueAt(other, step) ?? [])
      .sort((a, b) => a - b);
    const middle = others.length / 2;
    const median = (others[Math.ceil(middle) - 1] + others[Math.floor(middle)]) / 2;
    return others.length >= 3 && value < median ? [progress.trial] : [];
  });
}

function valueAt({ series }: Progress, step: number): number | undefined {
  return series.find((point) => point.step === step)?.value;
}
