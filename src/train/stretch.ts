import type { Member } from "./member.ts";
import { isMeasured, type Plan } from "./plan.ts";

// Where reading back takes longer than a step does, several steps are queued before their losses are read: a stretch. It ends
// where anything is looked at, and with an epoch, so that it can be walked again: where a loss in it is not finite, the members
// are put back to its beginning and go on step by step as they do elsewhere. What ends a run, where, and what it leaves is the same.

/** Steps that are queued and looked at together. */
export interface Stretch {
  /** Begins one: keeps all that training goes on from. */
  begin(): void;
  /** Queues update `step`, its place in the stretch `place`. */
  take(step: number, place: number): void;
  /** The losses of the last of so many steps; undefined where any of them, of a member that goes on, is not finite. */
  losses(count: number): Promise<Map<Member, number> | undefined>;
  /** Goes back to where it began, before update `step`. */
  goBack(step: number): void;
}

/**
 * Takes steps from `from` on without a look, to `to` at most, and looks at all of them then. Returns the step that they led
 * to, and the losses of the last; without losses the members are where they were.
 */
export async function takeStretch(
  stretch: Stretch,
  from: number,
  to: number,
  endsAt: (step: number) => boolean, // asked between two steps
): Promise<{ readonly step: number; readonly losses: Map<Member, number> | undefined }> {
  stretch.begin();
  let step = from;
  do {
    stretch.take(step, step - from);
    step += 1;
  } while (step < to && !endsAt(step));
  const losses = await stretch.losses(step - from);
  if (losses === undefined) stretch.goBack(from);
  return { step, losses };
}

/** Where a stretch from `step` on ends at the latest: at a multiple of `every`, a measurement, or the end of an epoch. */
export function endOfStretch(step: number, every: number, plan: Plan): number {
  let end = step + 1;
  while (end % every !== 0 && end % plan.stepsPerEpoch !== 0 && !isMeasured(plan, end)) end += 1;
  return end;
}
