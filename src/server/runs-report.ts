import { Fault } from "../fault/fault.ts";
import type { GradientCheck } from "../gradcheck/verdict.ts";
import { documentOf } from "../lab/kept-runs.ts";
import { reportCheck } from "../lab/report-check.ts";
import type { KeptRun } from "../record/run-record.ts";
import { htmlDocument } from "../report/html-report.ts";
import { runsContent } from "../report/runs-content.ts";
import type { Store } from "../store/store.ts";

/** A report of several runs that have ended, as HTML. @throws Fault `usage` naming one that has not */
export async function runsReport(store: Store, runs: readonly KeptRun[]): Promise<string> {
  const open = runs.find(({ training }) => training?.final === undefined);
  if (open !== undefined) throw new Fault("usage", open.id, "has not ended", "wait until it has, or untick it");
  const checks = new Map<string, GradientCheck>();
  for (const { spec } of runs) {
    const check = await reportCheck(store, spec);
    checks.set(JSON.stringify([check.problem, check.parameters.map(({ layers, lambda }) => [layers, lambda])]), check);
  }
  const content = await runsContent({
    title: `Report of ${runs.length} runs`,
    gradients: [...checks.values()],
    runs: runs.map((run) => ({ run, document: documentOf(run), pictures: async () => [] })),
  });
  return htmlDocument(content, new Map());
}
