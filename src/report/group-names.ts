import { textWidth } from "../plot/figure-style.ts";
import type { SeedGroup } from "./seed-groups.ts";
import { settingName, settingValue } from "./setting-names.ts";

/** Pixels of a legend's entry, at most. */
const longest = 190;

/** A, B, ..., Z, A1, ... */
export function letter(index: number): string {
  const round = Math.floor(index / 26);
  return String.fromCharCode(65 + (index % 26)) + (round === 0 ? "" : String(round));
}

/** What a group of runs is called beside the others: `A: λ = 0.01`, and where that would be long its letter alone. */
export function groupName(group: SeedGroup, index: number): string {
  const settings = [...group.settings].filter(([path]) => isTelling(path, group));
  const words = settings.map(([path, value]) => settingPhrase(path, value));
  const name = `${letter(index)}: ${words.join(", ")}`;
  return words.length === 0 || textWidth(name) > longest ? letter(index) : name;
}

/** `λ = 0.01`, `with batch norm` */
export function settingPhrase(path: string, value: unknown): string {
  if (path === "network.batchNorm.place") return value === undefined ? "without batch norm" : "with batch norm";
  return `${settingName(path)} = ${settingValue(path, value)}`;
}

/** Of batch normalisation that not all have the place alone: its other settings come and go with it. */
export function isTelling(path: string, { settings }: SeedGroup): boolean {
  return !path.startsWith("network.batchNorm.") || path.endsWith(".place") || !settings.has("network.batchNorm.place");
}
