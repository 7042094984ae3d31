import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { comparison } from "../src/plot/comparison.ts";
import { type Metric, metrics, type Part } from "../src/plot/metric.ts";
import { smoothed } from "../src/plot/smooth.ts";
import type { Measurement } from "../src/record/event.ts";
import type { RunEvent } from "../src/record/run-event.ts";
import { runRecord } from "../src/record/run-record.ts";
import { capitalised } from "../src/report/capitalised.ts";
import { settingText } from "../src/report/setting-text.ts";
import type { TextTable } from "../src/report/text-table.ts";
import { address, choose, link } from "./address.ts";
import { ask } from "./ask.ts";
import { CurveChoices, chosenView } from "./curve-choices.tsx";
import { Figure, type FigureData } from "./figure.tsx";
import { runNamed } from "./lab.ts";
import { useLoaded } from "./load.ts";
import { type Group, meanOfGroup } from "./seed-mean.ts";
import { TextTableView } from "./text-table.tsx";
import { chooseWindow, chosenWindow } from "./zoom.ts";

interface Comparison {
  readonly settings: TextTable;
  readonly accuracies: TextTable;
  readonly groups: readonly {
    readonly runs: readonly string[];
    readonly settings: Readonly<Record<string, unknown>>;
  }[];
}

const compared: readonly Metric[] = ["accuracy", "loss", "cost"];

/** Curves that a figure keeps apart. */
const most = 6;

/** Runs beside each other: only what differs. */
export function ComparePage() {
  const { choices } = address.value;
  const ids = (choices.get("runs") ?? "").split(",").filter((id) => id !== "");
  const query = ids.map((id) => `run=${encodeURIComponent(id)}`).join("&");
  const version = ids.map((id) => runNamed(id)?.entries).join();
  const { value, refusal } = useLoaded<Comparison>(ids.length < 2 ? undefined : `/api/comparison?${query}`, version);
  const isPaired = choices.get("paired") === "yes";
  const paired = useLoaded<TextTable>(isPaired ? `/api/comparison/paired?${query}` : undefined, version);
  return (
    <>
      <p class="kicker">
        <a href={link("runs", "", { ticked: ids.join(",") })}>Runs</a> / comparison of {ids.length}
      </p>
      <h1>Comparison</h1>
      {ids.length < 2 ? <p>Tick two runs or more in the list of runs.</p> : null}
      {refusal === undefined ? null : (
        <p>
          {refusal.complaint}; {refusal.remedy}.
        </p>
      )}
      {value === undefined ? null : (
        <>
          <ComparedCurves groups={value.groups} version={version} />
          <TextTableView table={value.settings} />
          <TextTableView table={value.accuracies} />
          <section class={isPaired ? "" : "unprinted"}>
            <h2>Image by image</h2>
            {isPaired ? (
              <PairedResult {...paired} />
            ) : (
              <button type="button" onClick={() => choose({ paired: "yes" })}>
                Test every model against the first one's, image by image
              </button>
            )}
          </section>
        </>
      )}
    </>
  );
}

function PairedResult({ value, refusal }: ReturnType<typeof useLoaded<TextTable>>) {
  if (value !== undefined) return <TextTableView table={value} />;
  if (refusal === undefined) return <p role="status">Asking the networks about the test images…</p>;
  return (
    <p>
      {refusal.complaint}; {refusal.remedy}.
    </p>
  );
}

function ComparedCurves({ groups, version }: { readonly groups: Comparison["groups"]; readonly version: string }) {
  const { choices } = address.value;
  const [logs, setLogs] = useState<ReadonlyMap<string, Group["series"][number]>>(new Map());
  const shownGroups = groups.slice(0, most);
  useEffect(() => {
    let isWanted = true;
    const read = async (id: string) => {
      const events = await ask<RunEvent[]>(`/api/runs/${encodeURIComponent(id)}/entries`);
      return [id, runRecord(id, events)?.training?.series ?? []] as const;
    };
    Promise.all(shownGroups.flatMap(({ runs }) => runs).map(read)).then(
      (all) => isWanted && setLogs(new Map(all)),
      () => {}, // the next change asks again
    );
    return () => {
      isWanted = false;
    };
  }, [version]);
  const view = chosenView(choices, compared);
  const { metric, logarithmic, logarithmicSteps, smoothing } = view;
  const part: Part = choices.get("images") === "train" ? "train" : "validation";
  const window = chosenWindow(choices);
  const lines = useMemo(
    () =>
      shownGroups.map(({ runs, settings }, index) =>
        meanOfGroup(
          { name: nameOf(settings, runs, index), series: runs.flatMap((id) => [logs.get(id) ?? []]) },
          metric,
          part,
        ),
      ),
    [logs, metric, part],
  );
  const draw = useCallback(
    (width: number) =>
      comparison({
        runs: lines,
        metric,
        part,
        id: "compared",
        title: `${metric} of ${lines.length} settings against update step`,
        width,
        logarithmic,
        logarithmicSteps,
        smoothing,
        ...(window === undefined ? {} : { window }),
      }),
    [lines, metric, part, logarithmic, logarithmicSteps, smoothing, window?.from, window?.to],
  );
  const numbers = useMemo(() => comparedNumbers(lines, metric, part, smoothing), [lines, metric, part, smoothing]);
  const data = useMemo((): FigureData => {
    const rows = numbers.rows.filter(([step]) => window === undefined || (step >= window.from && step <= window.to));
    return { ...numbers, rows };
  }, [numbers, window?.from, window?.to]);
  const hasSpread = lines.some(({ band }) => band.length > 0);
  return (
    <section aria-label="Curves">
      <div class="filters">
        <label>
          Images
          <select value={part} onChange={({ currentTarget }) => choose({ images: currentTarget.value })}>
            <option>validation</option>
            <option value="train">training</option>
          </select>
        </label>
        <CurveChoices metrics={compared} view={view} />
      </div>
      <Figure
        name={`comparison-${metric}`}
        caption={`${capitalised(metric)} against the update step, a curve a setting${hasSpread ? "; where it has several seeds, their mean, and a band from the lowest to the highest" : ""}.${groups.length > most ? ` The first ${most} of ${groups.length} settings.` : ""}`}
        draw={draw}
        data={data}
        zoom={{ last: numbers.rows.at(-1)?.[0] ?? 1, window, show: chooseWindow, logarithmic: logarithmicSteps }}
      />
    </section>
  );
}

/** What the curves are drawn from, a column a curve, and one more where it is smoothed. */
function comparedNumbers(
  lines: readonly { readonly name: string; readonly series: readonly Measurement[] }[],
  metric: Metric,
  part: Part,
  smoothing: number,
) {
  const { quantity } = metrics[metric];
  const columns = lines.flatMap(({ name, series }) => {
    const points = series.map((row) => ({ step: row.step, value: row[part][metric] }));
    const measured = { name, points };
    if (smoothing === 0) return [measured];
    return [measured, { name: `${name}, smoothed`, points: smoothed(points, smoothing) }];
  });
  const byStep = columns.map(({ points }) => new Map(points.map(({ step, value }) => [step, value])));
  const steps = [...new Set(byStep.flatMap((values) => [...values.keys()]))].sort((a, b) => a - b);
  return {
    columns: [{ name: "update step", quantity: "count" as const }, ...columns.map(({ name }) => ({ name, quantity }))],
    rows: steps.map((step) => [step, ...byStep.map((values) => values.get(step) ?? Number.NaN)]),
  };
}

/** A, and what it differs in. */
function nameOf(settings: Readonly<Record<string, unknown>>, runs: readonly string[], index: number): string {
  const [first] = Object.entries(settings);
  const firstSetting = first === undefined ? "" : ` ${first[0].split(".").at(-1)} ${settingText(first[1])}`;
  return `${String.fromCharCode(65 + index)}${firstSetting}${runs.length > 1 ? `, ${runs.length} seeds` : ""}`;
}
