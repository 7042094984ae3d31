import { Fault } from "../fault/fault.ts";
import { comparePaired } from "../lab/compare-paired.ts";
import { ensembleOf } from "../lab/ensemble.ts";
import { findRun, readRun } from "../lab/kept-runs.ts";
import { listRuns } from "../lab/list-runs.ts";
import { withExistingStore } from "../lab/open-store.ts";
import { ensembleTable } from "../report/ensemble-table.ts";
import { overlaidFigure } from "../report/group-curves.ts";
import { learningStart, learningTable } from "../report/learning-start.ts";
import { pairedTable } from "../report/paired-table.ts";
import { comparedTable, settingsTable } from "../report/runs-compared.ts";
import { runsCsv, settingPaths } from "../report/runs-csv.ts";
import { accuracyOf, type SeedGroup, seedGroups } from "../report/seed-groups.ts";
import { conclude, createConsole } from "./console.ts";
import { figureWriter } from "./figure-file.ts";
import { checkOutputs, figureEndings, writeOutput } from "./output-file.ts";

interface CompareOptions {
  readonly tag?: readonly string[];
  readonly name?: string;
  readonly sort?: SortKey;
  readonly figure?: string;
  readonly csv?: string;
  readonly paired?: boolean;
  readonly ensemble?: boolean;
  /** Where learning starts. */
  readonly learning?: boolean;
  readonly json?: boolean;
}

/** Whether a run is meant by one of the tags that are named; by none, any run is. */
function hasOneOf(tags: readonly string[], named: readonly string[]): boolean {
  return named.length === 0 || named.some((label) => tags.includes(label));
}

/** `gradus compare RUN RUN...` */
export async function compareCommand(references: readonly string[], options: CompareOptions): Promise<void> {
  const console = createConsole(options);
  const { tag = [], name, sort, figure, csv } = options;
  await checkOutputs([
    { flag: "--figure", file: figure, endings: figureEndings },
    { flag: "--csv", file: csv, endings: [".csv"] },
  ]);
  const draw = figureWriter("--figure", figure ?? "");
  await withExistingStore(async (store) => {
    const ids = await Promise.all(references.map((reference) => findRun(store, reference)));
    const isAsked = tag.length > 0 || name !== undefined;
    const listed = isAsked || csv !== undefined ? (await listRuns(store)).runs : [];
    const tagged = listed
      .filter((run) => isAsked && hasOneOf(run.tags, tag) && run.name.includes(name ?? ""))
      .map(({ id }) => id);
    const runs = await Promise.all([...new Set([...ids, ...tagged])].map((id) => readRun(store, id)));
    if (runs.length < 2) {
      const complaint = `${runs.length === 0 ? "no run is" : "only one run is"} named`;
      throw new Fault("usage", "compare", complaint, "name two runs or more, or a --tag or --name that they have");
    }
    const groups = sorted(seedGroups(runs), sort);
    const overlaid = figure === undefined ? undefined : overlaidFigure(groups, "accuracy");
    if (figure !== undefined && overlaid === undefined) {
      const complaint = "these runs have no two curves to lay over one another";
      throw new Fault("usage", "--figure", complaint, "name runs that were measured on the way (evaluate.every)");
    }
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
    if (figure !== undefined && overlaid !== undefined) {
      await writeOutput("--figure", figure, draw(overlaid.draw({ id: overlaid.name })));
      if (!console.json) console.say(`\nwrote ${figure}`);
    }
    if (csv !== undefined) {
      const ids = groups.flatMap((group) => group.runs.map(({ id }) => id));
      const rows = ids.flatMap((id) => listed.find((run) => run.id === id) ?? []);
      const varied = [...(groups[0]?.settings.keys() ?? [])].filter((path) => settingPaths(rows).includes(path));
      await writeOutput("--csv", csv, runsCsv(rows, ["seed", ...varied]));
      if (!console.json) console.say(`\nwrote ${csv}`);
    }
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

/** What groups may be put in the order of: accuracies with the best first, names by the alphabet. */
type SortKey = "train" | "validation" | "test" | "name";

function sorted(groups: readonly SeedGroup[], key: SortKey | undefined): readonly SeedGroup[] {
  if (key === undefined) return groups;
  if (key === "name") {
    return groups.toSorted((a, b) => a.sample[0].name.localeCompare(b.sample[0].name, "en", { numeric: true }));
  }
  const accuracy = (group: SeedGroup) => accuracyOf(group, key)?.mean ?? Number.NEGATIVE_INFINITY;
  return groups.toSorted((a, b) => accuracy(b) - accuracy(a));
}
