import type { KeptSummary } from "../record/run-summary.ts";
import { leaves } from "../record/spec-difference.ts";
import { csv } from "./csv.ts";

/** Every path that a run's spec has a value at, in their order. */
export function settingPaths(runs: readonly Pick<KeptSummary, "spec">[]): readonly string[] {
  return [...new Set(runs.flatMap(({ spec }) => [...leaves(spec).keys()]))];
}

/** Runs as a table for programs: one a row, the settings of `paths` in columns of their own, every digit kept. */
export function runsCsv(runs: readonly KeptSummary[], paths: readonly string[]): string {
  const parts = ["train", "validation", "test"] as const;
  // What the run was really trained on stands there already.
  const settings = paths.filter((path) => !["name", "device", "dtype"].includes(path));
  const header = [
    ...["run", "name", "started", "state", "tags", "updates", "of_updates", "seconds", "device", "dtype", "parameters"],
    ...parts.flatMap((part) => [`${part}_accuracy`, `${part}_loss`]),
    "weights_sha256",
    ...settings,
  ];
  const rows = runs.map((run) => {
    const { id, name, startedAt, state, tags, seconds, training, spec } = run;
    const values = leaves(spec);
    const measured = training?.final ?? training?.measured;
    return [
      ...[id, name, startedAt, state, tags.join(" ")],
      ...[
        training?.step,
        training?.steps,
        seconds,
        training?.device.name,
        training?.device.dtype,
        training?.parameters,
      ],
      ...parts.flatMap((part) => {
        const metrics =
          measured !== undefined && part in measured ? measured[part as keyof typeof measured] : undefined;
        return typeof metrics === "object" ? [metrics.accuracy, metrics.loss] : [undefined, undefined];
      }),
      training?.weightsSha256,
      ...settings.map((path) => values.get(path)),
    ].map(fieldOf);
  });
  return csv([header, ...rows]);
}

function fieldOf(value: unknown): string | number {
  if (value === undefined || value === null) return "";
  return typeof value === "string" || typeof value === "number" ? value : JSON.stringify(value);
}
