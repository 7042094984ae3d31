import { z } from "zod";
import { Fault } from "../fault/fault.ts";
import type { RunDocument } from "./run-document.ts";
import { specSchema } from "./spec.ts";
import { specFault } from "./spec-fault.ts";

/** A number that JSON may have had to name. */
const real = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"]).transform(Number)]);
const count = z.int().min(0);
const metrics = z.strictObject({ loss: real, cost: real, accuracy: real });
const text = z.string();

const runDocumentSchema = z.strictObject({
  run: text,
  spec: specSchema,
  device: z.strictObject({
    name: text,
    dtype: z.enum(["f32", "f64"]),
    arithmetic: z.enum(["fused", "separate"]).exactOptional(),
    details: text,
  }),
  state: z.enum(["finished", "diverged"]),
  startedAt: z.iso.datetime(),
  seconds: z.number().min(0),
  versions: z.record(text, text),
  steps: count,
  stepsPerEpoch: count,
  parameters: count,
  examples: z.strictObject({ train: count, validation: count, test: count }),
  weightsSha256: text,
  final: z.strictObject({ train: metrics, validation: metrics, test: metrics.exactOptional() }),
  series: z.array(z.strictObject({ step: count, learningRate: real, train: metrics, validation: metrics })).min(1),
  divergence: z.strictObject({ step: count, layer: count, where: text }).exactOptional(),
});

/**
 * A run's document from what a file holds.
 * @throws Fault `spec` naming `file` and the first key at fault.
 */
export function parseRunDocument(file: string, input: unknown): RunDocument {
  const result = runDocumentSchema.safeParse(input);
  if (result.success) return result.data;
  const { place, complaint } = specFault(result.error.issues, input);
  const remedy = "name a file that `gradus train --record FILE` or `--json` wrote";
  throw new Fault("spec", file, `is no record of a run: ${place}: ${complaint}`, remedy);
}
