import { experiment004E2 } from "./004-e2.ts";
import type { Experiment } from "./experiment.ts";

/** Every published experiment Gradus knows, in the reports' order. */
export const experiments: readonly Experiment[] = [experiment004E2];

/** The experiment named `id`, in any case; undefined when there is none. */
export function findExperiment(id: string): Experiment | undefined {
  return experiments.find((experiment) => experiment.id.toLowerCase() === id.toLowerCase());
}
