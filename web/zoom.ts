import type { StepWindow } from "../src/plot/axis.ts";
import { choose } from "./address.ts";

/** The stretch of updates that an address shows alone: `updates=100-500`. */
export function chosenWindow(choices: URLSearchParams): StepWindow | undefined {
  const [, from, to] = /^(\d{1,12})-(\d{1,12})$/.exec(choices.get("updates") ?? "") ?? [];
  return Number(to) > Number(from) ? { from: Number(from), to: Number(to) } : undefined;
}

export function chooseWindow(window: StepWindow | undefined): void {
  choose({ updates: window && `${window.from}-${window.to}` });
}
