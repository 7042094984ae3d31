import type { KeptSummary } from "../record/run-summary.ts";
import type { Spec } from "../record/spec.ts";
import { specOf } from "../search/check-search.ts";
import { conclusion } from "../search/conclusion.ts";
import { propose } from "../search/propose.ts";
import { inOrder, isActive, type Setting, type Space } from "../search/space.ts";
import { encodeStudyEvent, type StudyEvent } from "../search/study-event.ts";
import { foldAll, type StudyState, trialState } from "../search/study-state.ts";
import type { Store } from "../store/store.ts";
import { documentOf, readRun } from "./kept-runs.ts";
import { listRuns } from "./list-runs.ts";
import { type LogState, lostPositions } from "./log-state.ts";
import { endedEvent } from "./study-outcomes.ts";

// A study's log of which entries were damaged. What it proposes is a function of what stands before, and what came of its trials is
// in the runs beside it: nearly everything can be worked out.

type StudyLog = LogState<StudyEvent>;

/** Whether a log still says which search it is. */
export function isStudy({ events: [first] }: StudyLog): boolean {
  return first?.kind === "created";
}

/** What can be put in place of the lost entries; undefined where what follows could not be understood with it. */
export async function repairedStudy(store: Store, log: StudyLog): Promise<readonly StudyEvent[] | undefined> {
  const [created] = log.events;
  if (created?.kind !== "created") return undefined;
  const { name } = created.document;
  const all = (await listRuns(store)).runs.filter(({ tags }) => tags.includes(name));
  const known = new Set(log.events.map((event) => (event !== undefined && "run" in event ? event.run : undefined)));
  const strays = all.filter(({ id }) => !known.has(id));
  const events: StudyEvent[] = [];
  let state: StudyState | undefined;
  for (const [position, event] of log.events.entries()) {
    const after = log.events.slice(position).filter((next) => next !== undefined);
    const here = event ?? (await workedOut(store, state as StudyState, after, all, strays));
    if (here === undefined) return undefined;
    events.push(here);
    state = foldAll(state, [here]);
  }
  return events;
}

/** Writes what was worked out. Returns how many entries stay lost. */
export async function repairStudy(
  store: Store,
  log: string,
  state: StudyLog,
  events: readonly StudyEvent[],
): Promise<number> {
  const lost = lostPositions(state);
  for (const position of lost) await store.maintenance.replace(log, position, encodeStudyEvent(events[position]));
  return lost.filter((position) => events[position].kind === "lost").length;
}

/** One entry that stood before those of `after`. */
async function workedOut(
  store: Store,
  state: StudyState,
  after: readonly StudyEvent[],
  runs: readonly KeptSummary[],
  strays: KeptSummary[], // what is used is taken out
): Promise<StudyEvent | undefined> {
  const { document, trials, stages } = state;
  const open = trials.filter((trial) => trialState(trial, document) === "waiting").length;
  const [next] = propose(state, open + 1);
  const isTrialLost =
    isTrialMissing(after, trials.length) || strays.some(({ spec }) => trialOf(spec, document.name) >= trials.length);
  const isStageLost = isStageMissing(after, stages.length);
  if ((isTrialLost || isStageLost) && next?.kind === "stage") return next;
  if (isTrialLost && next?.kind === "proposed") return proposedAgain(state, next, after, runs);
  const at = strays.findIndex(({ spec }) => trialOf(spec, document.name) < trials.length);
  if (at >= 0) return await outcomeOf(store, state, strays.splice(at, 1)[0]);
  return isTrialLost || isStageLost ? undefined : { kind: "lost" };
}

/** The number that a run's name has, after the study's; of the final run below all. */
function trialOf({ name }: Spec, study: string): number {
  const rest = name.startsWith(`${study}-`) ? name.slice(study.length + 1) : "";
  return rest === "final" ? -1 : /^\d+$/.test(rest) ? Number(rest) : Number.NaN;
}

function isStageMissing(after: readonly StudyEvent[], stages: number): boolean {
  const next = after.find((event) => event.kind === "stage" || event.kind === "proposed");
  return next !== undefined && next.stage > (next.kind === "stage" ? stages : stages - 1);
}

function isTrialMissing(after: readonly StudyEvent[], trials: number): boolean {
  for (const event of after) {
    if (event.kind === "proposed") return event.trial > trials;
    if ("trial" in event && event.trial >= trials) return true;
  }
  return false;
}

/** By the spec of its run where there is one: what it was proposed from may be lost too. */
function proposedAgain(
  { document, trials }: StudyState,
  again: Extract<StudyEvent, { kind: "proposed" }>,
  after: readonly StudyEvent[],
  runs: readonly KeptSummary[],
): StudyEvent {
  const trial = trials.length;
  const ids = after.flatMap((event) => (event.kind === "ended" && event.trial === trial ? [event.run] : []));
  const run = runs.find(({ id, spec }) => ids.includes(id) || trialOf(spec, document.name) === trial);
  const setting = run && settingOf(run.spec, document.vary);
  if (setting === undefined || JSON.stringify(again.setting) === JSON.stringify(setting)) return again;
  return { ...again, setting: setting as never, by: "sampler" };
}

function settingOf(spec: Spec, space: Space): Setting {
  const setting: Record<string, unknown> = {};
  for (const path of inOrder(space)) {
    if (!isActive(space[path], setting)) continue;
    setting[path] = path.split(".").reduce((value: unknown, key) => (value as Record<string, unknown>)?.[key], spec);
  }
  return Object.fromEntries(Object.keys(space).flatMap((path) => (path in setting ? [[path, setting[path]]] : [])));
}

/** What a run says that no entry names. */
async function outcomeOf(store: Store, state: StudyState, { id, spec }: KeptSummary): Promise<StudyEvent> {
  const { document, trials } = state;
  const run = await readRun(store, id);
  const training = { run, document: documentOf(run) };
  const { final, examples } = training.document;
  if (spec.name === `${document.name}-final` && final.test !== undefined) {
    const [trial] = conclusion(state).order;
    const { accuracy: testAccuracy, loss: testLoss } = final.test;
    return {
      kind: "final",
      trial,
      run: id,
      trainImages: examples.train,
      testImages: examples.test,
      testAccuracy,
      testLoss,
    };
  }
  const trial = trialOf(spec, document.name);
  if (trial < 0) return { kind: "lost" };
  const seed = spec.seed - specOf(document.spec, trials[trial].setting).seed;
  const { split } = spec.data;
  const fold = document.folds !== undefined && split.kind === "fold" ? { fold: split.number - 1 } : {};
  return endedEvent(trial, { seed, ...fold }, training, run.population ?? 1);
}
