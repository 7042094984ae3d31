import { changesText, identityName, identityOf } from "../experiments/identity.ts";
import { numberText } from "../plot/number-text.ts";
import type { KeptRun } from "../record/run-record.ts";
import { leaves } from "../record/spec-difference.ts";
import { progressText } from "./runs-table.ts";
import { settingText } from "./setting-text.ts";
import type { TextTable } from "./text-table.ts";

/** What is known of a kept run beside its results. */
export function runTable(run: KeptRun): TextTable {
  const { training, checkpoints, model, fork } = run;
  const last = checkpoints.at(-1);
  const identity = identityOf(run);
  const facts: readonly (readonly [what: string, value: string | undefined])[] = [
    ["state", run.complaint === undefined ? run.state : `${run.state}: ${run.complaint}`],
    ["tags", run.tags.join(", ")],
    ["notes", run.notes],
    ["protected", run.isProtected === true ? "yes" : undefined],
    ["lost", run.lost === undefined ? undefined : `${numberText(run.lost, "count")} of its log's entries were damaged`],
    ["experiment", identity && (changesText(identity) ?? identityName(identity))],
    ["branched off from", fork && `${fork.run}, after update ${numberText(fork.step, "count")}`],
    ["updates", progressText(run)],
    ["started", run.startedAt],
    ["seconds", `${numberText(run.seconds, "seconds")} in ${run.sessions} session${run.sessions === 1 ? "" : "s"}`],
    ["host", run.host],
    ["device", training && `${training.device.name}, ${training.device.dtype} (${training.device.details})`],
    [
      "versions",
      Object.entries(run.versions)
        .map((pair) => pair.join(" "))
        .join(", "),
    ],
    ["checkpoint", last && `after update ${numberText(last.step, "count")}, ${numberText(last.size, "count")} bytes`],
    ["model", model && `${numberText(model.size, "count")} bytes, SHA-256 ${model.artifact.slice(0, 12)}`],
    ["weights", training?.weightsSha256 && `SHA-256 ${training.weightsSha256.slice(0, 12)}`],
  ];
  return {
    caption: `${run.id}: ${run.name}`,
    columns: [
      { header: "what", kind: "text" },
      { header: "value", kind: "text" },
    ],
    groups: [
      { rows: facts.flatMap(([what, value = ""]) => (value === "" ? [] : [{ cells: [what, value] }])) },
      {
        heading: "data",
        rows: run.data.map(({ file, sha256 }) => ({ cells: [file, `SHA-256 ${sha256.slice(0, 12)}`] })),
      },
      {
        heading: "spec",
        rows: [...leaves(run.spec)].map(([path, value]) => ({ cells: [path, settingText(value)] })),
      },
    ],
    notes: [],
    explanations: [],
  };
}
