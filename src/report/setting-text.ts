import { nothing } from "./text-table.ts";

/** A setting as `--set` takes it. */
export function settingText(value: unknown): string {
  if (value === undefined) return nothing;
  return typeof value === "string" ? value : JSON.stringify(value);
}
