import { listRuns } from "../lab/list-runs.ts";
import { withExistingStore } from "../lab/open-store.ts";
import type { KeptRun } from "../record/run-record.ts";
import { runsTable } from "../report/runs-table.ts";
import { conclude, createConsole } from "./console.ts";

interface RunsOptions {
  readonly state?: KeptRun["state"];
  readonly tag?: readonly string[];
  readonly name?: string;
  readonly last?: number;
  readonly json?: boolean;
}

/** `gradus runs` */
export async function runsCommand(options: RunsOptions): Promise<void> {
  const console = createConsole(options);
  await withExistingStore(async (store) => {
    const { runs, unreadable } = await listRuns(store);
    const { state, tag = [], name, last = Number.POSITIVE_INFINITY } = options;
    const chosen = runs
      .filter((run) => state === undefined || run.state === state)
      .filter((run) => tag.every((own) => run.tags.includes(own)))
      .filter((run) => name === undefined || run.name.includes(name))
      .slice(-last);
    if (!console.json) {
      console.table(runsTable(chosen, store.place));
      for (const fault of unreadable) console.say(`\ncannot be read: ${fault.message}`);
    }
    const problems = unreadable.map(({ message }) => message);
    conclude(console, { store: store.place, runs: chosen, unreadable: problems }, undefined);
  });
}
