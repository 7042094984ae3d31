import type { TrainingEvent } from "../record/event.ts";
import { isGoingOn, reached } from "../search/asynchronous-halving.ts";
import { type Progress, pruned, rungReached, rungs } from "../search/pruner.ts";
import type { Pruner } from "../search/search-document.ts";
import type { ThreadOptions } from "../worker/trainer.ts";
import type { KeptStudy } from "./kept-studies.ts";
import { byTrial, type Curves } from "./trial-curves.ts";
import type { TrialTask } from "./trial-tasks.ts";

/** Asks the pruners of a population's studies who shall end; `hear` is told what the training says. */
export function retiring(
  tasks: readonly TrialTask[],
  curves: ReadonlyMap<KeptStudy, Curves>,
): { readonly retire?: ThreadOptions["retire"]; readonly hear: (event: TrainingEvent) => void } {
  const isNone = ({ study }: TrialTask) => study.state.document.pruner.kind === "none";
  if (tasks.every(isNone)) return { hear: () => {} };
  let length = 0;
  return {
    hear(event) {
      if (event.kind === "started") length = event.steps;
    },
    async retire(running, step) {
      const ending: number[] = [];
      for (const study of new Set(tasks.map((task) => task.study))) {
        const members = running.filter(({ member }) => tasks[member].study === study);
        const trialOf = ({ member }: { readonly member: number }) => tasks[member].trials[0].number;
        const active = byTrial(members.map((member) => ({ trial: trialOf(member), series: member.series })));
        const ended = await endedBy(study, active, [...(curves.get(study)?.values() ?? [])], step, length);
        for (const member of members) if (ended.includes(trialOf(member))) ending.push(member.member);
      }
      return ending;
    },
  };
}

/** Trials that end after `step` of `length` updates. */
async function endedBy(
  study: KeptStudy,
  active: readonly Progress[],
  earlier: readonly Progress[],
  step: number,
  length: number,
): Promise<readonly number[]> {
  const { pruner } = study.state.document;
  if (pruner.kind !== "asynchronous-successive-halving") return pruned(pruner, active, earlier, step, length);
  return await endedAtRung(study, pruner, active, step, length);
}

/** By what all have come to that reached their rung, here or in another process, so far. */
async function endedAtRung(
  study: KeptStudy,
  { first, eta }: Extract<Pruner, { kind: "asynchronous-successive-halving" }>,
  active: readonly Progress[],
  step: number,
  length: number,
): Promise<readonly number[]> {
  const rung = rungReached(rungs(first, eta, length), active, step);
  if (rung === undefined) return [];
  const arriving = active.map(({ trial, series }) => ({ trial, value: series.at(-1)?.value ?? Number.NaN }));
  await study.decide((state) => reached(state, arriving, rung, eta));
  return active.filter(({ trial }) => !isGoingOn(study.state, trial, step)).map(({ trial }) => trial);
}
