import { numberText } from "../src/plot/number-text.ts";
import type { ExperimentRow } from "../src/server/experiment-rows.ts";
import { address, choose, go, link } from "./address.ts";
import { wish } from "./ask.ts";
import { lab, runs } from "./lab.ts";
import { useLoaded } from "./load.ts";
import { Sign } from "./sign.tsx";
import { Scroll } from "./text-table.tsx";

/** The published experiments: what was reported beside what this store obtained. */
export function ExperimentsPage() {
  // What has ended since is asked for again.
  const ended = runs.value.filter(({ state }) => state === "finished" || state === "diverged").length;
  const { value: rows, refusal } = useLoaded<ExperimentRow[]>("/api/experiments", ended);
  const report = address.value.choices.get("report") ?? "";
  const reports = [...new Set(rows?.map(({ id }) => id.slice(0, 3)))];
  const shownRows = rows?.filter(({ id }) => id.startsWith(report)) ?? [];
  return (
    <>
      <h1>Published experiments</h1>
      <p>
        {rows === undefined ? (refusal?.complaint ?? "…") : `${summary(rows)}. `}
        What a report printed stands beside what runs of this store came to.
      </p>
      <div class="filters">
        <label>
          Report
          <select value={report} onChange={({ currentTarget }) => choose({ report: currentTarget.value })}>
            <option value="">all</option>
            {reports.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
      </div>
      <Scroll name="Published experiments">
        <table class="experiments">
          <thead>
            <tr>
              <th scope="col">experiment</th>
              <th scope="col">what it is</th>
              <th scope="col" class="number">
                reported test (%)
              </th>
              <th scope="col" class="number">
                obtained test (%)
              </th>
              <th scope="col">verdict</th>
              <th scope="col">
                <span class="unseen">start</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shownRows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function summary(rows: readonly ExperimentRow[]): string {
  const decided = rows.filter(({ verdict }) => verdict !== undefined);
  const reproduced = decided.filter(({ verdict }) => verdict === "reproduced").length;
  return `${rows.length} experiments, ${decided.length} of them done here, ${reproduced} reproduced`;
}

function Row({ row }: { readonly row: ExperimentRow }) {
  const { id, title, kind, command, reportedTest, obtainedTest, verdict, reason, runs: done } = row;
  return (
    <tr>
      <th scope="row">
        <a href={link("experiment", id)}>{id}</a>
      </th>
      <td>{title}</td>
      <td class="number">{percent(reportedTest)}</td>
      <td class="number">
        {done.length === 1 ? (
          <a href={link("run", done[0])}>{percent(obtainedTest) || "run"}</a>
        ) : (
          percent(obtainedTest)
        )}
        {done.length > 1 ? <a href={link("compare", "", { runs: done.join(",") })}>{done.length} runs</a> : null}
      </td>
      <td title={reason}>{verdict === undefined ? null : <Verdict verdict={verdict} />}</td>
      <td>{kind === "training" ? <StartButton id={id} isAgain={done.length > 0} /> : <code>{command}</code>}</td>
    </tr>
  );
}

function Verdict({ verdict }: { readonly verdict: NonNullable<ExperimentRow["verdict"]> }) {
  const isGood = verdict !== "not reproduced";
  return (
    <span class={isGood ? "good" : "bad"}>
      <Sign name={isGood ? "finished" : "diverged"} /> {verdict}
    </span>
  );
}

/** Begins an experiment with its own settings. */
export function StartButton({ id, isAgain = false }: { readonly id: string; readonly isAgain?: boolean }) {
  if (lab.value?.isReadOnly !== false) return null;
  const start = async () => {
    const answer = await wish<{ run: string }>(`/api/experiments/${id}/runs`, {});
    if (answer !== undefined) go(link("run", answer.run));
  };
  return (
    <button type="button" aria-label={`start ${id}${isAgain ? " again" : ""}`} onClick={() => void start()}>
      {isAgain ? "Start again" : "Start"}
    </button>
  );
}

function percent(fraction: number | undefined): string {
  return fraction === undefined ? "" : numberText(fraction, "fraction");
}
