import type { Measurement, TrainingEvent } from "../record/event.ts";
import type { StopSignal } from "./evaluate.ts";
import type { Measured, Member } from "./member.ts";
import type { Plan } from "./plan.ts";
import { ratesOf, type SideBySide } from "./side-by-side.ts";
import { learnedOf } from "./state.ts";

/** Asked after each measurement but the last: the places of members that shall end with it. */
export type Retire = (running: readonly Running[], step: number) => readonly number[] | Promise<readonly number[]>;

/** Who watches a training. */
interface Watch {
  /** Cuts a measurement short. */
  readonly signal?: StopSignal | undefined;
  readonly retire?: Retire | undefined;
}

/** A member that goes on, and what was measured of it since it was begun or resumed. */
interface Running {
  readonly member: number;
  readonly series: readonly Measurement[];
}

/**
 * Measures the sets after `step` updates, and decides which members end with it: their `ending` says why.
 * Returns whether it did: a measurement that `signal` cuts short is none.
 */
export async function* measurements(
  together: SideBySide,
  step: number,
  plan: Plan,
  { retire, signal }: Watch,
): AsyncGenerator<TrainingEvent, boolean> {
  const all = await together.measure(step, signal);
  if (all === undefined) return false;
  const improved: Member[] = [];
  for (const [member, measured] of all) {
    if (member.ending !== undefined) continue;
    member.measured = measured;
    const { loss, cost } = measured.train;
    const limit = member.spec.training.costLimit ?? Number.POSITIVE_INFINITY;
    if (!Number.isFinite(loss)) {
      member.ending = "diverged";
      const place = await together.locateMeasured(member);
      yield { kind: "diverged", member: member.place, divergence: { step, ...place } };
    } else if (cost > limit * (member.firstCost ?? cost)) {
      member.ending = "diverged";
      const layer = plan.architecture.widths.length - 1;
      yield { kind: "diverged", member: member.place, divergence: { step, layer, where: "cost" } };
    } else {
      if (enter(member, measured, plan)) improved.push(member);
      yield { kind: "measured", member: member.place, measurement: member.series[member.series.length - 1] };
    }
  }
  await keepBest(together, improved, plan);
  if (step < plan.steps) await endEarly(together.members, step, retire);
  return true;
}

/** Remembers a measurement; returns whether it is the best so far on the validation images, the first of equals. */
function enter(member: Member, measured: Measured, plan: Plan): boolean {
  const { step, train, validation } = measured;
  // Of the update that follows; at the end there is none.
  const [rate] = ratesOf([member.spec], Math.min(step, plan.steps - 1), plan);
  member.series.push({ step, learningRate: rate, train, validation });
  member.firstCost ??= train.cost;
  member.highest = Math.max(member.highest, train.accuracy);
  member.looks += 1;
  if (member.best !== undefined && validation.accuracy <= member.best.validation.accuracy) return false;
  member.best = { ...measured, look: member.looks, weights: undefined };
  return true;
}

/** Copies the weights that were just measured as the best, where the spec keeps them. */
async function keepBest(together: SideBySide, improved: readonly Member[], { architecture }: Plan): Promise<void> {
  if (!improved.some(({ spec }) => spec.evaluate.keep === "best")) return;
  const states = await together.read();
  for (const member of improved) {
    const tensors = states.get(member);
    if (tensors === undefined || member.best === undefined) continue;
    member.best = { ...member.best, weights: learnedOf(architecture, tensors) };
  }
}

/** Ends members whose patience is over, and those that whoever watches lets go. */
async function endEarly(members: readonly Member[], step: number, retire: Retire | undefined): Promise<void> {
  const running = () => members.filter(({ ending }) => ending === undefined);
  for (const member of running()) {
    const { patience } = member.spec.training;
    const since = member.looks - (member.best?.look ?? 0);
    if (patience !== undefined && since >= patience) member.ending = "patience";
  }
  if (retire === undefined || running().length === 0) return;
  const watched = running().map(({ place, series }) => ({ member: place, series }));
  const places = new Set(await retire(watched, step));
  for (const member of running()) if (places.has(member.place)) member.ending = "retired";
}
