import type { Headline } from "../src/report/headline.ts";
import type { TextTable } from "../src/report/text-table.ts";
import type { RunRow } from "../src/server/run-row.ts";
import { address, choose, go, link } from "./address.ts";
import { Answers } from "./answers.tsx";
import { wish } from "./ask.ts";
import { connection, lab, runNamed } from "./lab.ts";
import { Listing } from "./listing.tsx";
import { useLoaded } from "./load.ts";
import { LogView } from "./log-view.tsx";
import { RunCurves } from "./run-curves.tsx";
import { RunLabels } from "./run-labels.tsx";
import { useRunLog } from "./run-log.ts";
import { stringify } from "./spec-text.ts";
import { StateMark } from "./state-mark.tsx";
import { Templates } from "./templates.tsx";
import { TextTableView } from "./text-table.tsx";
import { UpdatesMade } from "./updates-made.tsx";

interface Tables {
  readonly facts: TextTable;
  readonly specText: string;
  readonly headline?: Headline;
  readonly results?: TextTable;
  readonly verdict?: TextTable;
}

const views = ["curves", "learned", "results", "settings", "log"] as const;
const viewNames = {
  curves: "Curves",
  learned: "What it learned",
  results: "Results",
  settings: "Settings",
  log: "Log",
};

/** Everything about one run, as it is now. */
export function RunPage() {
  const { id, choices } = address.value;
  const run = runNamed(id);
  const log = useRunLog(id);
  const version = run?.state === "running" ? "running" : `${run?.state} ${run?.entries}`;
  const tables = useLoaded<Tables>(run && `/api/runs/${encodeURIComponent(id)}/tables`, version).value;
  if (run === undefined) return <Missing id={id} />;
  const view = views.find((each) => each === choices.get("view")) ?? "curves";
  return (
    <>
      <p class="kicker">
        <a href={link("runs")}>Runs</a> / {id}
      </p>
      <h1>{run.name}</h1>
      <p class="facts">
        <StateMark run={run} /> {run.experiment === undefined ? null : <ExperimentLink id={run.experiment} />}
        {run.fork === undefined ? null : <a href={link("run", run.fork.run)}>branches off from another run</a>}
      </p>
      {tables?.headline === undefined ? null : <p class={`headline ${tables.headline.tone}`}>{tables.headline.text}</p>}
      {run.state === "running" && run.step !== undefined ? (
        <UpdatesMade step={run.step} steps={run.steps ?? 1} />
      ) : null}
      <RunTools run={run} />
      <nav class="views" aria-label="Views of this run">
        {views.map((each) => (
          <button
            key={each}
            type="button"
            aria-current={each === view ? "true" : undefined}
            onClick={() => choose({ view: each === "curves" ? undefined : each })}
          >
            {viewNames[each]}
          </button>
        ))}
      </nav>
      {view === "curves" && log.record?.training !== undefined ? (
        <RunCurves run={log.record.training} name={run.name} id={id} />
      ) : null}
      {view === "learned" && log.record !== undefined ? (
        <>
          <Templates record={log.record} isOpen={run.state === "running"} />
          <Answers id={id} hasModel={log.record.model !== undefined} isOpen={run.state === "running"} />
        </>
      ) : null}
      {view === "results" ? <Results id={id} tables={tables} /> : null}
      {view === "settings" && tables !== undefined ? (
        <>
          <RunLabels key={run.id} run={run} />
          <TextTableView table={tables.facts} />
          <h2>Specification</h2>
          <Listing name="specification" text={tables.specText} />
        </>
      ) : null}
      {view === "log" ? <LogView events={log.events} /> : null}
    </>
  );
}

function ExperimentLink({ id }: { readonly id: string }) {
  return <a href={link("experiment", id)}>experiment {id}</a>;
}

function Results({ id, tables }: { readonly id: string; readonly tables: Tables | undefined }) {
  const gradients = useLoaded<TextTable>(`/api/runs/${encodeURIComponent(id)}/gradients`);
  if (tables === undefined) return null;
  return (
    <>
      {tables.results === undefined ? <p>It has not ended: there are no results yet.</p> : null}
      {tables.verdict === undefined ? null : <TextTableView table={tables.verdict} />}
      {tables.results === undefined ? null : <TextTableView table={tables.results} />}
      <h2>Gradient check</h2>
      {gradients.value === undefined ? (
        <p>{gradients.refusal?.complaint ?? "Checking the gradients of a network like this one…"}</p>
      ) : (
        <TextTableView table={gradients.value} />
      )}
    </>
  );
}

function RunTools({ run }: { readonly run: RunRow }) {
  const path = `/api/runs/${encodeURIComponent(run.id)}`;
  const hasEnded = run.state === "finished" || run.state === "diverged";
  const isReadOnly = lab.value?.isReadOnly ?? true;
  const act = async (what: string) => {
    const answer = await wish<{ run: string }>(`${path}/${what}`, {});
    if (answer !== undefined && answer.run !== run.id) go(link("run", answer.run));
  };
  return (
    <div class="tools">
      {isReadOnly ? null : (
        <>
          {run.state === "running" ? (
            <button type="button" class="main" onClick={() => void act("stop")}>
              Stop
            </button>
          ) : null}
          {run.state === "interrupted" || run.state === "failed" ? (
            <button type="button" class="main" onClick={() => void act("resume")}>
              Resume
            </button>
          ) : null}
          <a href={link("new", "", { from: run.id })}>Again, with changes</a>
          <a href={link("new-search", "", { from: run.id })}>Search around it</a>
          {run.state === "running" ? null : <a href={link("new", "", { fork: run.id })}>Fork</a>}
        </>
      )}
      {hasEnded ? (
        <a href={`${path}/report`} download={`${run.id}.html`}>
          Report
        </a>
      ) : null}
      <a href={`${path}/file`} download={`${run.id}.gradus`}>
        Run as a file
      </a>
      <button type="button" onClick={() => void navigator.clipboard?.writeText(stringify(run.spec))}>
        Copy the spec
      </button>
    </div>
  );
}

function Missing({ id }: { readonly id: string }) {
  if (connection.value !== "live") return <h1>Run</h1>;
  return (
    <>
      <h1>There is no run {id}</h1>
      <p>
        It may be in the trash, or in another store. <a href={link("runs")}>All runs</a>
      </p>
    </>
  );
}
