import { Fault } from "../fault/fault.ts";
import type { KeptRun } from "../record/run-record.ts";

/** Refuses runs that are not tested on the images of the first. @throws Fault `usage`, at `place` */
export function requireSameTestImages([first, ...others]: readonly KeptRun[], place: string): void {
  const stranger = others.find((run) => testedOn(run) !== testedOn(first));
  if (stranger === undefined) return;
  const complaint = `${stranger.id} is not tested on the images of ${first.id}`;
  throw new Fault("usage", place, complaint, "compare runs with the same data.dataset and data.limit.test");
}

/** What decides which images a run is tested on. */
function testedOn({ spec: { data } }: KeptRun): string {
  return JSON.stringify([data.dataset, data.limit.test]);
}
