import { Fault } from "../fault/fault.ts";
import { specOf } from "./check-search.ts";
import { cmaEs, generationSize } from "./cma-es.ts";
import { conclusion } from "./conclusion.ts";
import { gaussianProcess } from "./gaussian-process.ts";
import { grid, listed, withCounts } from "./grid.ts";
import { atEdge, narrowed } from "./narrow.ts";
import { random } from "./random.ts";
import type { Stage } from "./search-document.ts";
import { sobol } from "./sobol.ts";
import type { Observed, Sampler, Space } from "./space.ts";
import type { StudyEvent } from "./study-event.ts";
import { foldStudy, meanAccuracy, type StudyState, type Trial, trialState } from "./study-state.ts";
import { tpe } from "./tpe.ts";

/** Trials proposed at a time by a sampler that learns from those before; they train side by side. */
const TOGETHER = 8;
/** And by one that does not. */
const AT_ONCE = 32;

/**
 * What happens next in a study: a stage begins, trials are proposed. Nothing where it waits for trials that have been proposed, or
 * is through. A pure function of the log, so that a killed search goes on with the same trials.
 */
export function propose(state: StudyState, count?: number): StudyEvent[] {
  const events: StudyEvent[] = [];
  let now = state;
  const happen = (event: StudyEvent) => {
    events.push(event);
    now = foldStudy(now, event);
  };
  if (now.stages.length === 0) happen({ kind: "stage", stage: 0, space: spaceOf(now, 0) });
  for (let open = waiting(now); open < (count ?? togetherOf(now)); ) {
    const believed = now.document.enqueue[now.trials.filter(({ by }) => by === "person").length];
    const setting = believed ?? next(now);
    if (setting !== undefined) {
      happen(proposal(now, setting, believed === undefined ? "sampler" : "person"));
      if (now.trials[now.trials.length - 1].refused === undefined) open += 1;
    } else if (open > 0 || now.stages.length === now.document.stages.length) break;
    else happen(begun(now));
  }
  return events;
}

function waiting({ trials, document }: StudyState): number {
  return trials.filter((trial) => trialState(trial, document) === "waiting").length;
}

/** How many trials are proposed before the first of them has ended. */
function togetherOf({ document, stages }: StudyState): number {
  // A chain is trained whole.
  if (document.carry) return Number.POSITIVE_INFINITY;
  const { sampler } = document.stages[Math.max(0, stages.length - 1)];
  if (sampler.kind === "cma-es") return generationSize(document.vary);
  return sampler.kind === "tpe" || sampler.kind === "gaussian-process" ? TOGETHER : AT_ONCE;
}

function next(state: StudyState) {
  const at = state.stages.length - 1;
  const { sampler } = state.document.stages[at];
  const trials = state.trials.filter(({ stage }) => stage === at);
  const byItself = trials.filter(({ by }) => by === "sampler");
  if ("trials" in sampler && byItself.length >= sampler.trials) return undefined;
  // What learns learns from the settings of a person too; what counts counts its own.
  const basis = sampler.kind === "tpe" || sampler.kind === "gaussian-process" ? trials : byItself;
  const observed = basis.map((trial) => observation(trial, state));
  return samplerOf(sampler)(state.stages[at].space, observed, state.document.seed + at);
}

function samplerOf(sampler: Stage["sampler"]): Sampler {
  switch (sampler.kind) {
    case "grid":
      return grid;
    case "list":
      return listed(sampler.settings);
    case "random":
      return random;
    case "sobol":
      return sobol;
    case "tpe":
      return tpe;
    case "gaussian-process":
      return gaussianProcess;
    case "cma-es":
      return cmaEs;
  }
}

function observation(trial: Trial, { document }: StudyState): Observed {
  const { setting } = trial;
  const state = trialState(trial, document);
  if (state === "waiting") return { setting };
  return {
    setting,
    loss: state === "finished" || state === "pruned" ? -meanAccuracy(trial) : Number.POSITIVE_INFINITY,
  };
}

function proposal(state: StudyState, setting: Trial["setting"], by: Trial["by"]): StudyEvent {
  const [trial, stage] = [state.trials.length, state.stages.length - 1];
  const proposed = { kind: "proposed", trial, stage, setting: structuredClone(setting) as never, by } as const;
  try {
    specOf(state.document.spec, setting);
    return proposed;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ...proposed, refused: error.message };
  }
}

/** The next stage, with its space. */
function begun(state: StudyState): StudyEvent {
  const stage = state.stages.length;
  const { narrow } = state.document.stages[stage];
  const before = state.stages[stage - 1].space;
  if (narrow === undefined) return { kind: "stage", stage, space: spaceOf(state, stage) };
  const ranked = conclusion(state, stage - 1);
  const from = narrow.rule === "top" ? ranked.order.slice(0, narrow.count) : ranked.indistinguishable.trials;
  const settings = from.map((number) => state.trials[number].setting);
  const count = state.trials.filter((trial) => trial.stage === stage - 1).length;
  const space = withCounts(narrowed(before, settings, narrow.widen, count), state.document.stages[stage].count);
  const edge = settings.length === 0 ? [] : atEdge(before, settings[0]);
  return {
    kind: "stage",
    stage,
    space: { ...space },
    narrowing: { rule: narrow.rule, widen: narrow.widen, from: [...from], atEdge: edge },
  };
}

function spaceOf({ document }: StudyState, stage: number): Space {
  return { ...withCounts(document.vary, document.stages[stage].count) };
}
