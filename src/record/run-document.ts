import { z } from "zod";
import type { RunState } from "./fold.ts";
import { best, count, deviceDescription, divergence, early, exampleCounts, measured, notice } from "./measured.ts";
import { storedSpecSchema } from "./stored-spec.ts";

/** A number that JSON may have had to name. */
const real = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"]).transform(Number)]);
const { measurement, final } = measured(real);

export const runDocumentSchema = z.strictObject({
  /** The run's identifier. */
  run: z.string(),
  /** The published experiment by whose id it was begun. */
  experiment: z.string().exactOptional(),
  /** The run and the update from which it branched off. */
  fork: z.strictObject({ run: z.string(), step: count }).exactOptional(),
  spec: storedSpecSchema,
  device: deviceDescription,
  state: z.enum(["finished", "diverged"]),
  /** When it began: ISO 8601, UTC. */
  startedAt: z.iso.datetime(),
  /** Wall time of the training, its measurements included. */
  seconds: z.number().min(0),
  /** Versions of what computed it: `gradus`, and the engine, e.g. `node`. */
  versions: z.record(z.string(), z.string()),
  steps: count,
  stepsPerEpoch: count,
  parameters: count,
  examples: exampleCounts,
  weightsSha256: z.string(),
  final,
  series: z.array(measurement).min(1).readonly(),
  divergence: divergence.exactOptional(),
  /** Where it ended before its length was reached without diverging: after how many updates, and why. */
  ended: z.strictObject({ step: count, why: early }).exactOptional(),
  /** Whose weights and numbers these are, where the best of its measurements was kept. */
  best: best.exactOptional(),
  /** What a person should know of it, and after how many updates it was said. */
  notices: z
    .array(notice.extend({ step: count }))
    .readonly()
    .exactOptional(),
});

/** A finished run as one JSON document: what `gradus train --json` prints, a file keeps and a report shows. */
export type RunDocument = Readonly<z.output<typeof runDocumentSchema>>;

/** The facts about a run that its events do not know. */
export interface RunCircumstances {
  readonly run: string;
  readonly experiment?: string;
  readonly fork?: { readonly run: string; readonly step: number };
  readonly startedAt: string;
  readonly seconds: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** The document of a run that has ended; undefined while it has not. */
export function runDocument(run: RunState, circumstances: RunCircumstances): RunDocument | undefined {
  const { spec, device, state, steps, stepsPerEpoch, parameters, examples, series } = run;
  const { final, weightsSha256, divergence, step, early, best, notices } = run;
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
    ...(early === undefined ? {} : { ended: { step, why: early } }),
    ...(best === undefined ? {} : { best }),
    ...(notices.length === 0 ? {} : { notices }),
  };
}
