import { departuresOf, identifier } from "../experiments/identity.ts";
import { Fault } from "../fault/fault.ts";
import { nearest } from "../fault/nearest.ts";
import { listRuns } from "../lab/list-runs.ts";
import { withListedStore } from "../lab/open-store.ts";
import type { KeptRun } from "../record/run-record.ts";
import type { KeptSummary } from "../record/run-summary.ts";
import { leaves } from "../record/spec-difference.ts";
import { runsCsv, settingPaths } from "../report/runs-csv.ts";
import { runsTable } from "../report/runs-table.ts";
import { conclude, createConsole } from "./console.ts";
import { checkOutputs, writeOutput } from "./output-file.ts";

interface RunsOptions {
  readonly state?: KeptRun["state"];
  readonly tag?: readonly string[];
  readonly name?: string;
  readonly last?: number;
  readonly purpose?: string;
  readonly all?: boolean;
  readonly removed?: boolean;
  /** Paths of the spec. */
  readonly columns?: readonly string[];
  readonly csv?: string;
  readonly json?: boolean;
}

/** `gradus runs` */
export async function runsCommand(options: RunsOptions): Promise<void> {
  const console = createConsole(options);
  const { columns = [], csv } = options;
  await checkOutputs([{ flag: "--csv", file: csv, endings: [".csv"] }]);
  await withListedStore(async (store) => {
    const { runs, unreadable } = await listRuns(store, options.removed);
    const { state, tag = [], name, last = Number.POSITIVE_INFINITY, purpose, all = options.removed === true } = options;
    // Those that were begun for something else would hide those that were begun for themselves, unless they run.
    const isOther = (run: KeptSummary) => run.purpose !== purpose && (purpose !== undefined || run.state !== "running");
    const looked = all ? runs : runs.filter((run) => !isOther(run));
    const chosen = looked
      .filter((run) => state === undefined || run.state === state)
      .filter((run) => tag.every((label) => run.tags.includes(label)))
      .filter((run) => name === undefined || run.name.includes(name))
      .slice(-last);
    if (columns.length > 0) checkColumns(columns, settingPaths(runs));
    if (csv !== undefined) await writeOutput("--csv", csv, runsCsv(chosen, columns));
    if (!console.json) {
      console.table(runsTable(chosen, store.place, columns));
      if (csv !== undefined) console.say(`\nwrote ${csv}`);
      const others = all || purpose !== undefined ? [] : runs.filter(isOther);
      if (others.length > 0) {
        const purposes = [...new Set(others.map((run) => run.purpose))].join(", ");
        console.say(`\n${others.length} more, begun for ${purposes}: --all lists them`);
      }
      for (const fault of unreadable) console.say(`\ncannot be read: ${fault.message}`);
    }
    const problems = unreadable.map(({ message }) => message);
    if (!console.json) return;
    const identify = identifier();
    const rows = chosen.map((run) => {
      const { id, ...others } = run;
      const settings = columns.length === 0 ? {} : { settings: settingsAt(run, columns) };
      return { run: id, ...others, ...departuresOf(run, identify), ...settings };
    });
    conclude(console, { store: store.place, runs: rows, unreadable: problems }, undefined);
  });
}

/** @throws Fault `usage` for a path that no run has */
function checkColumns(columns: readonly string[], known: readonly string[]): void {
  for (const path of columns) {
    if (known.includes(path)) continue;
    const near = nearest(path, known);
    const complaint = `no run has a setting "${path}"${near === undefined ? "" : `; did you mean "${near}"?`}`;
    throw new Fault("usage", "--columns", complaint, "docs/spec.md names them; `gradus show RUN` has those of a run");
  }
}

function settingsAt({ spec }: KeptSummary, paths: readonly string[]): Readonly<Record<string, unknown>> {
  const settings = leaves(spec);
  return Object.fromEntries(paths.map((path) => [path, settings.get(path) ?? null]));
}
