import type { KeptSummary } from "../record/run-summary.ts";
import { type Spec, specSchema } from "../record/spec.ts";
import type { Store } from "../store/store.ts";
import { hasEnded } from "./kept-runs.ts";
import { listRuns } from "./list-runs.ts";
import { numbersVersion } from "./versions.ts";

/** Runs that have ended, by what fixes every number of a run. */
export type EndedRuns = ReadonlyMap<string, KeptSummary>;

/** The runs of a store that have ended under this version of the numbers, whatever they were begun for. */
export async function endedRuns(store: Store): Promise<EndedRuns> {
  const { runs } = await listRuns(store);
  const ended = runs.filter(
    (run) =>
      hasEnded(run) &&
      run.training?.early !== "retired" &&
      run.fork === undefined &&
      run.versions.numbers === numbersVersion,
  );
  return new Map(ended.map((run) => [keyOf(run.spec, run.initial), run]));
}

/** The runs of a chain, each from the weights that the one before it ended with; undefined where not all have ended. */
export function endedChain(ended: EndedRuns, chain: readonly Spec[]): readonly KeptSummary[] | undefined {
  const runs: KeptSummary[] = [];
  for (const spec of chain) {
    const run = ended.get(keyOf(spec, runs.at(-1)?.training?.weightsSha256));
    if (run === undefined) return undefined;
    runs.push(run);
  }
  return runs;
}

/** Its spec but for the name, and the hash of the weights that it began from where they were not its seed's. */
function keyOf(spec: Spec, initial: string | undefined): string {
  // A spec that was kept before a key was known has its default.
  const { name: _, ...fixed } = specSchema.parse(spec);
  return JSON.stringify([fixed, initial ?? null]);
}
