import { useEffect, useMemo, useState } from "preact/hooks";
import { numberText } from "../src/plot/number-text.ts";
import type { RunRow } from "../src/server/run-row.ts";
import { address, choose, go, link } from "./address.ts";
import { connection, lab, runs, wasSeenRunning } from "./lab.ts";
import { differingSettings, type RunColumn, runColumns, settingColumn, settingOf, sorted } from "./run-columns.ts";
import { Sign } from "./sign.tsx";
import { StateMark } from "./state-mark.tsx";
import { Scroll } from "./text-table.tsx";

/** Rows that are drawn before a person asks for the rest, and how many of them in the first frame. */
const most = 200;
const screenful = 40;

/** All runs: sorted, filtered, ticked. */
export function RunsPage() {
  const { choices } = address.value;
  const settings = choices.getAll("setting").flatMap((list) => list.split(","));
  const columns = [...runColumns, ...settings.map(settingColumn)];
  const ticked = new Set((choices.get("ticked") ?? "").split(",").filter((id) => id !== ""));
  const fittingRuns = filtered(runs.value, choices);
  const sortedRuns = sorted(fittingRuns, choices.get("sort") ?? "", columns);
  const hasRuns = runs.value.length > 0;
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!hasRuns) return;
    const timer = setTimeout(() => setShown(true), 100); // when the first frame has been seen
    return () => clearTimeout(timer);
  }, [hasRuns]);
  const wanted = choices.has("all") ? sortedRuns.length : most;
  const drawnRuns = sortedRuns.slice(0, isShown ? wanted : screenful);
  if (!hasRuns) return <NoRuns />;
  return (
    <>
      <h1>Runs</h1>
      <Filters settings={settings} />
      <p class="count" role="status">
        {fittingRuns.length === runs.value.length
          ? `${fittingRuns.length} ${fittingRuns.length === 1 ? "run" : "runs"}`
          : `${fittingRuns.length} of ${runs.value.length} runs`}
        {ticked.size === 0 ? "" : `, ${ticked.size} ticked`}
      </p>
      <LeftOut listed={fittingRuns} />
      <TickedTools ticked={[...ticked]} />
      <Scroll name="Runs">
        <table class="runs">
          <thead>
            <tr>
              <th scope="col">
                <span class="unseen">ticked</span>
              </th>
              {columns.map((column) => (
                <SortHeader key={column.key} column={column} order={choices.get("sort") ?? ""} />
              ))}
              <th scope="col">tags</th>
            </tr>
          </thead>
          <tbody>
            {drawnRuns.map((run) => (
              <Row key={run.id} run={run} settings={settings} ticked={ticked} />
            ))}
          </tbody>
        </table>
      </Scroll>
      {sortedRuns.length <= wanted ? null : (
        <button type="button" onClick={() => choose({ all: "yes" })}>
          Show all {sortedRuns.length}
        </button>
      )}
    </>
  );
}

function filtered(all: readonly RunRow[], choices: URLSearchParams): readonly RunRow[] {
  const text = (choices.get("find") ?? "").toLowerCase();
  const [state, tag, purpose] = ["state", "tag", "purpose"].map((name) => choices.get(name));
  return all.filter(
    (run) =>
      (text === "" || `${run.name} ${run.id} ${run.notes} ${run.tags.join(" ")}`.toLowerCase().includes(text)) &&
      (state === null || run.state === state) &&
      (tag === null || run.tags.includes(tag)) &&
      (purpose === "any" || (run.purpose ?? null) === purpose || (purpose === null && wasSeenRunning(run.id))),
  );
}

/** Runs that were begun for something else are left out until they are asked for, unless they were seen to run: how many, and a way to them. */
function LeftOut({ listed }: { readonly listed: readonly RunRow[] }) {
  if (address.value.choices.has("purpose")) return null;
  const shown = new Set(listed);
  const others = runs.value.filter((run) => run.purpose !== undefined && !shown.has(run));
  if (others.length === 0) return null;
  const purposes = [...new Set(others.map((run) => run.purpose))].sort().join(", ");
  return (
    <button type="button" onClick={() => choose({ purpose: "any" })}>
      {others.length} more, begun for {purposes}: list them
    </button>
  );
}

function Filters({ settings }: { readonly settings: readonly string[] }) {
  const { choices } = address.value;
  const all = runs.value;
  const tags = useMemo(() => [...new Set(all.flatMap((run) => run.tags))].sort(), [all]);
  const purposes = useMemo(() => [...new Set(all.flatMap((run) => run.purpose ?? []))].sort(), [all]);
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <label>
        Find
        <input
          type="search"
          placeholder="name, id, notes"
          value={choices.get("find") ?? ""}
          onInput={({ currentTarget }) => choose({ find: currentTarget.value })}
        />
      </label>
      <Choice name="state" title="State" options={["running", "finished", "diverged", "interrupted", "failed"]} />
      {tags.length === 0 ? null : <Choice name="tag" title="Tag" options={tags} />}
      {purposes.length === 0 ? null : (
        <Choice name="purpose" title="Begun for" options={["any", ...purposes]} none="itself" />
      )}
      <ColumnChoice settings={settings} />
    </form>
  );
}

function ColumnChoice({ settings }: { readonly settings: readonly string[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="columns" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Settings as columns{settings.length === 0 ? "" : ` (${settings.length})`}</summary>
      {isOpen ? <Columns settings={settings} /> : null}
    </details>
  );
}

/** Made when it is looked at: all settings of all runs are compared. */
function Columns({ settings }: { readonly settings: readonly string[] }) {
  const all = runs.value;
  const paths = useMemo(() => differingSettings(all), [all]);
  return (
    <fieldset>
      <legend>Settings in which runs differ</legend>
      {paths.map((path) => (
        <label key={path}>
          <input
            type="checkbox"
            checked={settings.includes(path)}
            onChange={({ currentTarget: { checked } }) => {
              const next = checked ? [...settings, path] : settings.filter((each) => each !== path);
              choose({ setting: next.join(",") });
            }}
          />
          {path}
        </label>
      ))}
    </fieldset>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly title: string;
  readonly options: readonly string[];
  readonly none?: string;
}

function Choice({ name, title, options, none = "any" }: ChoiceProps) {
  return (
    <label>
      {title}
      <select
        value={address.value.choices.get(name) ?? ""}
        onChange={({ currentTarget }) => choose({ [name]: currentTarget.value })}
      >
        <option value="">{none}</option>
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    </label>
  );
}

function SortHeader({ column: { key, header, kind }, order }: { readonly column: RunColumn; readonly order: string }) {
  const direction = order === key ? "ascending" : order === `-${key}` ? "descending" : undefined;
  // Numbers are looked at from the largest on.
  const [first, second] = kind === "number" ? [`-${key}`, key] : [key, `-${key}`];
  const next = order === first ? second : order === second ? undefined : first;
  return (
    <th scope="col" class={kind} aria-sort={direction}>
      <button type="button" class="sort" onClick={() => choose({ sort: next })}>
        {header}
        {direction === undefined ? null : <Sign name={direction === "ascending" ? "up" : "down"} />}
      </button>
    </th>
  );
}

interface RowProps {
  readonly run: RunRow;
  readonly settings: readonly string[];
  readonly ticked: ReadonlySet<string>;
}

function Row({ run, settings, ticked }: RowProps) {
  const { id, name, step, steps, highest, validation, test, seconds, startedAt, tags } = run;
  const tick = ({ currentTarget: { checked } }: { currentTarget: HTMLInputElement }) => {
    const next = checked ? [...ticked, id] : [...ticked].filter((each) => each !== id);
    choose({ ticked: next.join(",") });
  };
  return (
    <tr>
      <td>
        <input type="checkbox" aria-label={`tick ${name}, ${id}`} checked={ticked.has(id)} onChange={tick} />
      </td>
      <th scope="row">
        <a href={link("run", id)}>{name}</a>
        <span class="id">{id.slice(id.lastIndexOf("-") + 1)}</span>
      </th>
      <td>
        <StateMark run={run} />
      </td>
      <td class="number" title={highest && `after update ${highest.step}`}>
        <b>{accuracy(highest?.accuracy)}</b>
      </td>
      <td class="number">{accuracy(validation)}</td>
      <td class="number">{accuracy(test)}</td>
      <td class="number">
        {step === undefined || steps === undefined ? "–" : <Progress step={step} steps={steps} state={run.state} />}
      </td>
      <td class="number">{numberText(seconds, "seconds")}</td>
      <td class="time">{startedAt.slice(0, 16).replace("T", " ")}</td>
      {settings.map((path) => (
        <Setting key={path} run={run} path={path} />
      ))}
      <td>
        {tags.map((tag) => (
          <button key={tag} type="button" class="tag" onClick={() => choose({ tag })}>
            {tag}
          </button>
        ))}
      </td>
    </tr>
  );
}

/** A number in few digits; all of them where it is pointed at. */
function Setting({ run, path }: { readonly run: RunRow; readonly path: string }) {
  const exact = settingOf(run, path);
  const value = Number(exact);
  const isLong = exact.length > 8 && Number.isFinite(value);
  return isLong ? <td title={exact}>{Number(value.toPrecision(3)).toString()}</td> : <td>{exact}</td>;
}

function Progress({ step, steps, state }: { readonly step: number; readonly steps: number; readonly state: string }) {
  if (state !== "running") return <>{numberText(step, "count")}</>;
  return (
    <>
      <progress max={steps} value={step} aria-label="updates made" /> {Math.floor((100 * step) / steps)} %
    </>
  );
}

function accuracy(fraction: number | undefined): string {
  return fraction === undefined ? "–" : numberText(fraction, "fraction");
}

function TickedTools({ ticked }: { readonly ticked: readonly string[] }) {
  if (ticked.length === 0) return null;
  return (
    <div class="tools">
      <button
        type="button"
        class="main"
        disabled={ticked.length < 2}
        onClick={() => go(link("compare", "", { runs: ticked.join(",") }))}
      >
        Compare the ticked
      </button>
      {ticked.length === 1 ? (
        <a href={`/api/runs/${encodeURIComponent(ticked[0])}/report`} download={`${ticked[0]}.html`}>
          Make a report of the ticked
        </a>
      ) : (
        <a
          href={`/api/comparison/report?${ticked.map((id) => `run=${encodeURIComponent(id)}`).join("&")}`}
          download="report.html"
        >
          Make a report of the ticked
        </a>
      )}
      <button type="button" onClick={() => choose({ ticked: undefined })}>
        Untick all
      </button>
    </div>
  );
}

function NoRuns() {
  if (connection.value !== "live") return <h1>Runs</h1>;
  return (
    <div class="empty">
      <h1>No runs yet</h1>
      <p>
        Runs appear here as they are trained, also by other programs on this machine: <code>gradus train 004-E2</code>.
      </p>
      {lab.value?.isReadOnly ? null : (
        <p>
          <a href={link("experiments")}>Start a published experiment</a>, or <a href={link("new")}>describe a run</a>.
        </p>
      )}
    </div>
  );
}
