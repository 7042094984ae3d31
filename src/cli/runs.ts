import { departuresOf } from "../experiments/identity.ts";
import { listRuns } from "../lab/list-runs.ts";
import { withListedStore } from "../lab/open-store.ts";
import type { KeptRun } from "../record/run-record.ts";
import { runsTable } from "../report/runs-table.ts";
import { conclude, createConsole } from "./console.ts";

interface RunsOptions {
  readonly state?: KeptRun["state"];
  readonly tag?: readonly string[];
  readonly name?: string;
  readonly last?: number;
  readonly purpose?: string;
  readonly all?: boolean;
  readonly removed?: boolean;
  readonly json?: boolean;
}

/** `gradus runs` */
export async function runsCommand(options: RunsOptions): Promise<void> {
  const console = createConsole(options);
  await withListedStore(async (store) => {
    const { runs, unreadable } = await listRuns(store, options.removed);
    const { state, tag = [], name, last = Number.POSITIVE_INFINITY, purpose, all = options.removed === true } = options;
    // Those that were begun for something else would hide those that were begun for themselves.
    const looked = all ? runs : runs.filter((run) => run.purpose === purpose);
    const chosen = looked
      .filter((run) => state === undefined || run.state === state)
      .filter((run) => tag.every((label) => run.tags.includes(label)))
      .filter((run) => name === undefined || run.name.includes(name))
      .slice(-last);
    if (!console.json) {
      console.table(runsTable(chosen, store.place));
      const others = runs.length - looked.length;
      if (others > 0 && purpose === undefined) {
        const purposes = [...new Set(runs.flatMap((run) => run.purpose ?? []))].join(", ");
        console.say(`\n${others} more, begun for ${purposes}: --all lists them`);
      }
      for (const fault of unreadable) console.say(`\ncannot be read: ${fault.message}`);
    }
    const problems = unreadable.map(({ message }) => message);
    const rows = chosen.map((run) => {
      const { id, ...others } = run;
      return { run: id, ...others, ...departuresOf(run) };
    });
    conclude(console, { store: store.place, runs: rows, unreadable: problems }, undefined);
  });
}
