import { copyNotes, identifier, identityName, type identityOf } from "../experiments/identity.ts";
import { numberText } from "../plot/number-text.ts";
import type { Final, Metrics } from "../record/event.ts";
import type { KeptRun } from "../record/run-record.ts";
import type { KeptSummary } from "../record/run-summary.ts";
import { leaves } from "../record/spec-difference.ts";
import { settingText } from "./setting-text.ts";
import { nothing, type TextTable } from "./text-table.ts";

/** Kept runs, one a row: what they are, how far they are, and what they came to. */
export function runsTable(runs: readonly KeptSummary[], place: string, settings: readonly string[] = []): TextTable {
  const short = shortIds(runs.map(({ id }) => id));
  const identify = identifier();
  return {
    caption: `${runs.length} run${runs.length === 1 ? "" : "s"} in ${place}`,
    columns: [
      { header: "run", kind: "text" },
      { header: "started (UTC)", kind: "text" },
      { header: "name", kind: "text" },
      ...settings.map((path) => ({ header: path, kind: "text" }) as const),
      { header: "state", kind: "text" },
      { header: "updates", kind: "number" },
      { header: "validation (%)", kind: "number" },
      { header: "test (%)", kind: "number" },
      { header: "seconds", kind: "number" },
      { header: "tags", kind: "text" },
    ],
    groups: [
      {
        rows: runs.map((run, index) => {
          const { validation, test }: Partial<Final> = run.training?.final ?? run.training?.measured ?? {};
          return {
            cells: [
              short[index],
              run.startedAt.slice(0, 16).replace("T", " "),
              nameText(run, identify),
              ...settings.map((path) => settingText(leaves(run.spec).get(path))),
              run.state,
              progressText(run),
              accuracyText(validation),
              accuracyText(test),
              numberText(run.seconds, "seconds"),
              run.tags.join(", "),
            ],
          };
        }),
      },
    ],
    notes: copyNotes(runs, (_, index) => short[index], identify),
    explanations: ["Accuracies as last measured; of a run that has ended, at its end."],
  };
}

/** What people call a run; where that is an experiment's id, the star of a changed copy. */
function nameText(run: KeptSummary, identify: typeof identityOf): string {
  const identity = identify(run);
  return identity?.published.id === run.name ? identityName(identity) : run.name;
}

/** The random ends of ids, which name runs to every command; whole ids where two ends are the same. */
function shortIds(ids: readonly string[]): string[] {
  const ends = ids.map((id) => id.slice(id.lastIndexOf("-") + 1));
  const counts = new Map<string, number>();
  for (const end of ends) counts.set(end, (counts.get(end) ?? 0) + 1);
  return ends.map((end, index) => (counts.get(end) === 1 ? end : ids[index]));
}

/** What was last measured of a run. */
export function latestMetrics({ training }: KeptRun): { train?: Metrics; validation?: Metrics; test?: Metrics } {
  return training?.final ?? training?.series.at(-1) ?? {};
}

/** `1,200/5,000`, and where all were made `5,000` */
export function progressText({
  training,
}: {
  readonly training?: { readonly step: number; readonly steps: number };
}): string {
  if (training === undefined) return nothing;
  const { step, steps } = training;
  return step === steps ? numberText(steps, "count") : `${numberText(step, "count")}/${numberText(steps, "count")}`;
}

function accuracyText(metrics: Metrics | undefined): string {
  return metrics === undefined ? nothing : numberText(metrics.accuracy, "fraction");
}
