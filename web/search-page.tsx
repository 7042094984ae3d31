import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { searchFigures } from "../src/report/search-figures.ts";
import { trialsTable } from "../src/report/search-table.ts";
import type { SearchResult, TrialResult } from "../src/search/search-result.ts";
import type { StudyView } from "../src/server/study-routes.ts";
import { address, choose, link } from "./address.ts";
import { wish } from "./ask.ts";
import { brushed, brushedFigure } from "./brush.ts";
import { AxisStrips, Brushes } from "./brushes.tsx";
import { Figure, type FigureData } from "./figure.tsx";
import { lab, runs, searchesVersion } from "./lab.ts";
import { Listing } from "./listing.tsx";
import { useLoaded } from "./load.ts";
import { searchState } from "./searches-page.tsx";
import { stringify } from "./spec-text.ts";
import { StateMark } from "./state-mark.tsx";
import { TextTableView } from "./text-table.tsx";
import { UpdatesMade } from "./updates-made.tsx";

const views = ["figures", "trials", "settings"] as const;
const viewNames = { figures: "Figures", trials: "Trials", settings: "Settings" };

/** One search as it is now: its stages, its trials, and what they cannot tell apart. */
export function SearchPage() {
  const { id: name, choices } = address.value;
  const { value: study, refusal } = useLoaded<StudyView>(
    `/api/studies/${encodeURIComponent(name)}`,
    searchesVersion.value,
  );
  const view = views.find((each) => each === choices.get("view")) ?? "figures";
  if (study === undefined) return <h1>{refusal === undefined ? name : `There is no search ${name}`}</h1>;
  const { result } = study;
  const trials = result.stages.flatMap((stage) => stage.trials);
  return (
    <>
      <p class="kicker">
        <a href={link("searches")}>Searches</a>
      </p>
      <h1>{name}</h1>
      <SearchTools study={study} trials={trials} />
      {study.sentences.map((sentence) => (
        <p key={sentence} class="sentence">
          {withCode(sentence)}
        </p>
      ))}
      <nav class="views" aria-label="Views of this search">
        {views.map((each) => (
          <button
            key={each}
            type="button"
            aria-current={each === view ? "true" : undefined}
            onClick={() => choose({ view: each === "figures" ? undefined : each })}
          >
            {viewNames[each]}
          </button>
        ))}
      </nav>
      {view === "figures" ? <Figures result={result} /> : null}
      {view === "trials" ? (
        <>
          {study.top.map((table) => (
            <TextTableView key={table.caption} table={table} />
          ))}
          {study.comparison === undefined ? null : <TextTableView table={study.comparison} />}
          <TextTableView
            table={{ ...trialsTable(result, trials), caption: "All trials, in the order they were proposed" }}
          />
        </>
      ) : null}
      {view === "settings" ? (
        <>
          <Stages result={result} />
          <h2>The search</h2>
          <Listing name="search" text={stringify(result.document)} />
        </>
      ) : null}
    </>
  );
}

/** What stands between backticks is code. */
function withCode(sentence: string): ComponentChildren {
  return sentence.split("`").map((part, i) => (i % 2 === 0 ? part : <code key={i}>{part}</code>));
}

/** How far the trials are that train now. */
function InTraining({ study }: { readonly study: string }) {
  const going = runs.value.filter(({ state, tags }) => state === "running" && tags.includes(study));
  if (going.length === 0) return null;
  const [{ step = 0, steps = 1 }] = going;
  const trains = going.length === 1 ? "1 run trains, " : `${going.length} runs train, `;
  return <UpdatesMade step={step} steps={steps} of={trains} />;
}

function SearchTools({ study, trials }: { readonly study: StudyView; readonly trials: readonly TrialResult[] }) {
  const { result, isGoing, isOurs } = study;
  const path = `/api/studies/${encodeURIComponent(result.study)}`;
  const waiting = trials.filter(({ state }) => state === "waiting").length;
  const state = searchState({ isGoing, waiting, isThrough: result.stages.length === result.document.stages.length });
  const act = (what: string) => void wish(`${path}/${what}`, {});
  return (
    <>
      <p class="facts">
        <StateMark run={{ state }} />
        <span>
          {trials.length - waiting} of {trials.length} trials, stage {result.stages.length} of{" "}
          {result.document.stages.length}
        </span>
      </p>
      <InTraining study={result.study} />
      <div class="tools">
        {isOurs ? (
          <button type="button" class="main" onClick={() => act("stop")}>
            Stop
          </button>
        ) : null}
        {state === "interrupted" && lab.value?.isReadOnly === false ? (
          <button type="button" class="main" onClick={() => act("resume")}>
            Go on
          </button>
        ) : null}
        <a href={link("runs", "", { tag: result.study })}>Its runs</a>
        <a href={`${path}/report`} download={`${result.study}.html`}>
          Report
        </a>
        <a href={`${path}/csv`} download={`${result.study}.csv`}>
          All trials as CSV
        </a>
      </div>
    </>
  );
}

function Figures({ result }: { readonly result: SearchResult }) {
  const { choices } = address.value;
  const brush = choices.get("brush") ?? "";
  const kept = useMemo(() => brushed(result, brush), [result, brush]);
  if (!hasFinished(result)) return <p role="status">No trial has ended yet.</p>;
  const figures = searchFigures(result);
  return (
    <>
      {figures.map(({ name, caption }) => (
        <section key={name} aria-label={caption}>
          {name === "parallel" ? (
            <BrushedFigure result={result} kept={kept} brush={brush} caption={caption} />
          ) : (
            <SearchFigure name={name} caption={caption} result={result} />
          )}
        </section>
      ))}
    </>
  );
}

function hasFinished({ stages }: SearchResult): boolean {
  return stages.some((stage) => stage.trials.some(({ state }) => state === "finished"));
}

interface BrushedFigureProps {
  readonly result: SearchResult;
  /** The same with the trials alone that the brush keeps. */
  readonly kept: SearchResult;
  readonly brush: string;
  readonly caption: string;
}

function BrushedFigure({ result, kept, brush, caption }: BrushedFigureProps) {
  const change = (next: string) => choose({ brush: next });
  const draw = useMemo(() => (width: number) => brushedFigure(result, brush, Math.min(width, 960)), [result, brush]);
  return (
    <>
      <Figure
        name={`${result.study}-parallel`}
        caption={`${caption} Drag along an axis to keep a stretch of it, drag the stretch to move it, click beside it to let it go.`}
        draw={draw}
        data={() => dataOf(kept)}
        overlay={(svg) => <AxisStrips svg={svg} brush={brush} change={change} />}
      />
      <Brushes result={result} brush={brush} change={change} />
      {brush === "" ? null : hasFinished(kept) ? <Kept result={kept} /> : <p role="status">No trial lies there.</p>}
    </>
  );
}

/** The trials that are left of a brushed figure. */
function Kept({ result }: { readonly result: SearchResult }) {
  const trials = result.stages.flatMap((stage) => stage.trials);
  return (
    <TextTableView table={{ ...trialsTable(result, trials), caption: `The ${trials.length} trials that are left` }} />
  );
}

interface SearchFigureProps {
  readonly name: string;
  readonly caption: string;
  readonly result: SearchResult;
}

function SearchFigure({ name, caption, result }: SearchFigureProps) {
  const draw = useMemo(() => {
    const figure = searchFigures(result).find((each) => each.name === name);
    const id = `search-${name.replace(/[^\w-]/g, "-")}`;
    return (width: number) => figure?.draw({ id, width: Math.min(width, 960) }) ?? "";
  }, [result, name]);
  return <Figure name={`${result.study}-${name}`} caption={caption} draw={draw} data={() => dataOf(result)} />;
}

/** What every figure of a search is drawn from. */
function dataOf({ document, stages, indistinguishable }: SearchResult): FigureData {
  const paths = Object.keys(document.vary);
  const mayBeBest = new Set(indistinguishable.trials);
  return {
    columns: [
      { name: "trial", quantity: "count" },
      { name: "stage", quantity: "count" },
      ...paths.map((name) => ({ name, quantity: "rate" as const })),
      { name: "state", quantity: "text" },
      ...["accuracy", "low", "high"].map((name) => ({ name, quantity: "fraction" as const })),
      { name: "may be best", quantity: "text" },
    ],
    rows: stages
      .flatMap((stage) => stage.trials)
      .map(({ trial, stage, setting, state, accuracy, low, high }) => [
        trial,
        stage + 1,
        ...paths.map((path) => cellOf(setting[path])),
        state,
        ...[accuracy, low, high].map((value) => value ?? ""),
        mayBeBest.has(trial) ? "yes" : "no",
      ]),
  };
}

function cellOf(value: unknown): number | string {
  if (typeof value === "number" || typeof value === "string") return value;
  return value === undefined ? "" : JSON.stringify(value);
}

function Stages({ result: { stages } }: { readonly result: SearchResult }) {
  return (
    <ol>
      {stages.map(({ sampler, space, narrowing, trials }, stage) => (
        <li key={`${stage} ${sampler.kind}`}>
          {sampler.kind}, {trials.length} trials.{" "}
          {narrowing === undefined
            ? ""
            : `Its ranges come from ${narrowing.from.length} trials of the stage before, widened by ${narrowing.widen}.${narrowing.atEdge.length === 0 ? "" : ` At an end of the range before: ${narrowing.atEdge.join(", ")}; what is sought may lie beyond.`}`}
          <Listing name={`space of stage ${stage + 1}`} text={stringify(space)} />
        </li>
      ))}
    </ol>
  );
}
