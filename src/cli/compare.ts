import { Fault } from "../fault/fault.ts";
import { comparePaired } from "../lab/compare-paired.ts";
import { ensembleOf } from "../lab/ensemble.ts";
import { findRun, readRun } from "../lab/kept-runs.ts";
import { listRuns } from "../lab/list-runs.ts";
import { withExistingStore } from "../lab/open-store.ts";
import { ensembleTable } from "../report/ensemble-table.ts";
import { learningStart, learningTable } from "../report/learning-start.ts";
import { pairedTable } from "../report/paired-table.ts";
import { comparedTable, settingsTable } from "../report/runs-compared.ts";
import { accuracyOf, seedGroups } from "../report/seed-groups.ts";
import { conclude, createConsole } from "./console.ts";

interface CompareOptions {
  readonly tag?: readonly string[];
  readonly paired?: boolean;
  readonly ensemble?: boolean;
  /** Where learning starts. */
  readonly learning?: boolean;
  readonly json?: boolean;
}

/** `gradus compare RUN RUN...` */
export async function compareCommand(references: readonly string[], options: CompareOptions): Promise<void> {
  const console = createConsole(options);
  const { tag = [] } = options;
  await withExistingStore(async (store) => {
    const ids = await Promise.all(references.map((reference) => findRun(store, reference)));
    const allRuns = tag.length === 0 ? [] : (await listRuns(store)).runs;
    const tagged = allRuns.filter((run) => tag.every((label) => run.tags.includes(label))).map(({ id }) => id);
    const runs = await Promise.all([...new Set([...ids, ...tagged])].map((id) => readRun(store, id)));
    if (runs.length < 2) {
      const complaint = `${runs.length === 0 ? "no run is" : "only one run is"} named`;
      throw new Fault("usage", "compare", complaint, "name two runs or more, or a --tag that they have");
    }
    const groups = seedGroups(runs);
    // A run again would be one model against itself.
    const sample = runs.filter((run) => groups.some((group) => group.sample.includes(run)));
    console.table(settingsTable(groups));
    if (!console.json) console.say("");
    console.table(comparedTable(groups));
    const paired = options.paired ? await comparePaired(store, sample) : undefined;
    if (!console.json && paired !== undefined) console.say("");
    if (paired !== undefined) console.table(pairedTable(sample[0].id, paired));
    const ensemble = options.ensemble ? await ensembleOf(store, sample) : undefined;
    if (!console.json && ensemble !== undefined) console.say("");
    if (ensemble !== undefined) console.table(ensembleTable(ensemble));
    if (!console.json && options.learning) console.say("");
    if (options.learning) console.table(learningTable(groups));
    const compared = groups.map((group) => ({
      runs: group.runs.map(({ id }) => id),
      seeds: group.sample.map(({ spec }) => spec.seed),
      repeats: group.repeats.map(({ run, of, isExact }) => ({ run: run.id, of: of.id, isExact })),
      settings: Object.fromEntries(group.settings),
      trainAccuracy: accuracyOf(group, "train"),
      validationAccuracy: accuracyOf(group, "validation"),
      testAccuracy: accuracyOf(group, "test"),
    }));
    const against = paired?.map(({ run, comparison }) => ({ run, ...comparison }));
    const more = {
      ...(against && { paired: against }),
      ...(ensemble && { ensemble }),
      ...(options.learning && { learning: sample.map(learningStart) }),
    };
    conclude(console, { compared, ...more }, undefined);
  });
}
