import { published } from "../experiments/catalogue.ts";
import type { Published, Variant } from "../experiments/experiment.ts";
import { type LedgerEntry, searchEntry, trainingEntry } from "../experiments/ledger.ts";
import { type EndedRuns, endedChain, endedRuns } from "../lab/ended-runs.ts";
import { documentOf, readRun } from "../lab/kept-runs.ts";
import { parseSpec } from "../record/parse-spec.ts";
import type { KeptSummary } from "../record/run-summary.ts";
import { commandOf } from "../report/experiments-table.ts";
import type { Store } from "../store/store.ts";

/** A published experiment as the page lists it: what was reported beside what runs of this store came to. */
export interface ExperimentRow {
  readonly id: string;
  readonly title: string;
  readonly kind: Variant["kind"];
  readonly command: string;
  /** As a fraction; absent where the report gives none. */
  readonly reportedTest?: number;
  /** Absent until every run that it takes has ended. */
  readonly obtainedTest?: number;
  readonly verdict?: LedgerEntry["verdict"];
  readonly reason?: string;
  readonly runs: readonly string[];
}

/** All 37, by the protocol as it was intended. */
export async function experimentRows(store: Store): Promise<ExperimentRow[]> {
  const ended = await endedRuns(store);
  return await Promise.all(published.map((experiment) => experimentRow(store, experiment, ended)));
}

async function experimentRow(store: Store, experiment: Published, ended: EndedRuns): Promise<ExperimentRow> {
  const { id, title, reported, variants } = experiment;
  const [variant] = variants;
  const reportedTest = (reported as { testAccuracy?: unknown } | null)?.testAccuracy;
  const row = {
    id,
    title,
    kind: variant.kind,
    command: commandOf(experiment),
    ...(typeof reportedTest === "number" ? { reportedTest } : {}),
  };
  const summaries = runsOf(variant, ended);
  if (summaries === undefined || variant.kind === "gradient-check") return { ...row, runs: [] };
  const runs = await Promise.all(summaries.map((run) => readRun(store, run.id)));
  const documents = runs.map(documentOf);
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0);
  const entry =
    variant.kind === "training"
      ? trainingEntry(experiment, variant, documents, seconds)
      : searchEntry(experiment, variant, [documents], seconds);
  const obtainedTest = "testAccuracy" in entry.obtained ? entry.obtained.testAccuracy.mean : undefined;
  const { verdict, reason } = entry;
  return {
    ...row,
    ...(obtainedTest === undefined || Number.isNaN(obtainedTest) ? {} : { obtainedTest }),
    verdict,
    reason,
    runs: runs.map((run) => run.id),
  };
}

/** The runs of a protocol, in the order of its trials; undefined where not all of them have ended. */
function runsOf(variant: Variant, ended: EndedRuns): readonly KeptSummary[] | undefined {
  if (variant.kind === "gradient-check") return undefined;
  if (variant.kind === "training") return endedChain(ended, [parseSpec(variant.spec)]);
  const trials = variant.trials.map((trial) => parseSpec(trial));
  if (variant.carryWeights) return endedChain(ended, trials);
  const runs = trials.map((trial) => endedChain(ended, [trial])?.[0]);
  return runs.every((run) => run !== undefined) ? runs : undefined;
}
