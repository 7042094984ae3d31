import type { StudyState } from "../src/search/study-state.ts";

/** Learns in a fraction of a second. */
export const smallSpec = {
  device: "wasm",
  data: { limit: { train: 400, validation: 200, test: 200 } },
  network: { hidden: [8] },
  training: { batch: 50, schedule: { kind: "constant", rate: 0.05 }, epochs: 40 },
};

/** Two stages of few trials, two seeds each. */
export const coarseToFine = {
  name: "two-stages",
  spec: smallSpec,
  vary: { "training.lambda": { kind: "log", low: 1e-4, high: 1 } },
  stages: [
    { sampler: { kind: "grid" }, count: 4 },
    { sampler: { kind: "tpe", trials: 10 }, narrow: { rule: "top", count: 2 } },
  ],
  seeds: 2,
  final: { "training.epochs": 41 },
};

/** What must be the same whenever a search was killed: all but the clock's numbers and the runs' random names. */
export function digits(result: {
  stages: { space: object; trials: { setting: object; state: string; runs: Record<string, unknown>[] }[] }[];
  indistinguishable: object;
  comparisons?: object;
}) {
  const { stages, indistinguishable, comparisons } = result;
  return {
    indistinguishable,
    comparisons,
    stages: stages.map(({ space, trials }) => ({
      space,
      trials: trials.map(({ setting, state, runs }) => ({
        setting,
        state,
        runs: runs.map(({ seed, state, accuracy, loss, weightsSha256 }) => ({
          seed,
          state,
          accuracy,
          loss,
          weightsSha256,
        })),
      })),
    })),
  };
}

/** How each run of each trial ended, to the last bit. */
export function hashes({ trials }: StudyState) {
  return trials.map(({ runs }) => runs.map(({ state, weightsSha256 }) => ({ state, weightsSha256 })));
}
