import type { Spec } from "./spec.ts";

/** Updates of one cycle of a schedule; undefined where it has no cycles. */
export function cycleLength({ schedule }: Spec["training"]): number | undefined {
  if (schedule.kind === "triangular") return 2 * schedule.halfCycle;
  return schedule.kind === "cosine" ? schedule.cycle : undefined;
}
