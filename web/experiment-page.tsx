import type { TextTable } from "../src/report/text-table.ts";
import { address, link } from "./address.ts";
import { StartButton } from "./experiments-page.tsx";
import { lab, runs } from "./lab.ts";
import { useLoaded } from "./load.ts";
import { StateMark } from "./state-mark.tsx";
import { TextTableView } from "./text-table.tsx";

/** One published experiment: what it is, what was reported, and the runs that were begun as it. */
export function ExperimentPage() {
  const { id } = address.value;
  const { value, refusal } = useLoaded<{ table: TextTable; spec?: unknown }>(
    `/api/experiments/${encodeURIComponent(id)}`,
  );
  const runsOfExperiment = runs.value.filter((run) => run.experiment === id);
  return (
    <>
      <p class="kicker">
        <a href={link("experiments")}>Experiments</a> / {id}
      </p>
      <h1>{value?.table.caption ?? refusal?.complaint ?? id}</h1>
      {value?.spec === undefined ? null : (
        <div class="tools">
          <StartButton id={id} />
          {lab.value?.isReadOnly ? null : <a href={link("new", "", { experiment: id })}>Start with changes</a>}
        </div>
      )}
      {runsOfExperiment.length === 0 ? null : (
        <ul class="begun" aria-label="Runs of this experiment">
          {runsOfExperiment.map((run) => (
            <li key={run.id}>
              <a href={link("run", run.id)}>{run.id}</a> <StateMark run={run} />
            </li>
          ))}
        </ul>
      )}
      {value === undefined ? null : <TextTableView table={value.table} />}
    </>
  );
}
