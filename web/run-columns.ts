import { leaves } from "../src/record/spec-difference.ts";
import { settingText } from "../src/report/setting-text.ts";
import type { RunRow } from "../src/server/run-row.ts";

/** A column of the list of runs. */
export interface RunColumn {
  /** As the address names it. */
  readonly key: string;
  readonly header: string;
  readonly kind: "text" | "number";
  /** What it is sorted by; undefined goes last. */
  readonly value: (run: RunRow) => string | number | undefined;
}

const percent = (fraction: number | undefined) => (fraction === undefined ? undefined : 100 * fraction);

/** Those that every list has. */
export const runColumns: readonly RunColumn[] = [
  { key: "name", header: "run", kind: "text", value: ({ name }) => name },
  { key: "state", header: "state", kind: "text", value: ({ state }) => state },
  { key: "best", header: "best validation (%)", kind: "number", value: ({ highest }) => percent(highest?.accuracy) },
  { key: "validation", header: "last validation (%)", kind: "number", value: ({ validation }) => percent(validation) },
  { key: "test", header: "test (%)", kind: "number", value: ({ test }) => percent(test) },
  { key: "updates", header: "updates", kind: "number", value: ({ step }) => step },
  { key: "seconds", header: "seconds", kind: "number", value: ({ seconds }) => seconds },
  { key: "started", header: "started (UTC)", kind: "text", value: ({ startedAt }) => startedAt },
];

/** A setting of the spec as a column. */
export function settingColumn(path: string): RunColumn {
  return { key: path, header: path, kind: "text", value: ({ spec }) => leaves(spec).get(path) as string | number };
}

export function settingOf({ spec }: RunRow, path: string): string {
  return settingText(leaves(spec).get(path));
}

/** Settings in which runs differ, names and seeds last: what is worth a column. */
export function differingSettings(runs: readonly RunRow[]): string[] {
  const values = new Map<string, Set<string>>();
  for (const { spec } of runs) {
    for (const [path, value] of leaves(spec)) {
      const texts = values.get(path) ?? new Set();
      values.set(path, texts.add(settingText(value)));
    }
  }
  return [...values].filter(([path, texts]) => texts.size > 1 && path !== "name").map(([path]) => path);
}

/** Sorted by a column, `-key` downwards; runs without a value last. */
export function sorted(runs: readonly RunRow[], order: string, columns: readonly RunColumn[]): readonly RunRow[] {
  const isDown = order.startsWith("-");
  const column = columns.find(({ key }) => key === order.replace(/^-/, ""));
  if (column === undefined) return runs;
  return runs.toSorted((a, b) => {
    const [left, right] = [column.value(a), column.value(b)];
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
    const sign = typeof left === "number" && typeof right === "number" ? left - right : compareTexts(left, right);
    return isDown ? -sign : sign;
  });
}

const collator = new Intl.Collator("en", { numeric: true });

function compareTexts(left: unknown, right: unknown): number {
  return collator.compare(settingText(left), settingText(right));
}
