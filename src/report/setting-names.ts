import { numberText } from "../plot/number-text.ts";
import { settingText } from "./setting-text.ts";

/** What a report calls a setting, where that is not its path; `η_min` and `n_s` are typeset with an index. */
const names: Readonly<Record<string, string>> = {
  seed: "seed",
  "data.dataset": "data",
  "data.preprocess": "preprocessing",
  "data.split.train": "training batches",
  "data.split.validation": "validation",
  "data.order": "order of the images",
  "network.hidden": "hidden nodes",
  "network.initialise.kind": "initialisation",
  "network.initialise.sigma": "initial σ",
  "network.batchNorm.place": "batch norm",
  "network.batchNorm.alpha": "batch norm α",
  "network.dropout": "dropout",
  "training.batch": "batch",
  "training.lambda": "λ",
  "training.schedule.kind": "schedule of η",
  "training.schedule.rate": "η",
  "training.schedule.min": "η_min",
  "training.schedule.max": "η_max",
  "training.schedule.halfCycle": "n_s",
  "training.update.kind": "update",
  "training.update.rho": "ρ",
  "training.cycles": "cycles",
  "training.epochs": "epochs",
  "training.steps": "updates",
};

export function settingName(path: string): string {
  return Object.hasOwn(names, path) ? names[path] : path;
}

/** A setting's value as a report shows it: lists without brackets, numbers in few digits, absence as a word where it is one. */
export function settingValue(path: string, value: unknown): string {
  if (path === "network.hidden" && Array.isArray(value)) return value.length === 0 ? "none" : value.join("-");
  if (path === "network.batchNorm.place" && value === undefined) return "without";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : numberText(value, "rate");
  return Array.isArray(value) ? value.join(", ") : settingText(value);
}
