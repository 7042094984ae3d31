import type { DeviceDescription, Divergence, Final, Measurement } from "./event.ts";
import type { RunState } from "./fold.ts";
import type { Spec } from "./spec.ts";

/** A finished run as one JSON document: what `gradus train --json` prints, a file keeps and a report shows. */
export interface RunDocument {
  /** The run's identifier. */
  readonly run: string;
  readonly spec: Spec;
  readonly device: DeviceDescription;
  readonly state: "finished" | "diverged";
  /** When it began: ISO 8601, UTC. */
  readonly startedAt: string;
  /** Wall time of the training, its measurements included. */
  readonly seconds: number;
  /** Versions of what computed it: `gradus`, and the engine, e.g. `node`. */
  readonly versions: Readonly<Record<string, string>>;
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly parameters: number;
  readonly examples: { readonly train: number; readonly validation: number; readonly test: number };
  readonly weightsSha256: string;
  readonly final: Final;
  readonly series: readonly Measurement[];
  readonly divergence?: Divergence;
}

/** The facts about a run that its events do not know. */
export interface RunCircumstances {
  readonly run: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** The document of a run that has ended; undefined while it has not. */
export function runDocument(run: RunState, circumstances: RunCircumstances): RunDocument | undefined {
  const { spec, device, state, steps, stepsPerEpoch, parameters, examples, series } = run;
  const { final, weightsSha256, divergence } = run;
  if (state === "running" || final === undefined || weightsSha256 === undefined) return undefined;
  return {
    ...circumstances,
    spec,
    device,
    state,
    steps,
    stepsPerEpoch,
    parameters,
    examples,
    weightsSha256,
    final,
    series,
    ...(divergence === undefined ? {} : { divergence }),
  };
}
