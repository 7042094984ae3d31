import { z } from "zod";
import { requireNoAddress } from "../record/no-address.ts";
import { specFault } from "../record/spec-fault.ts";
import { dimensionSchema } from "./dimension.ts";

// A search as one document: what a file holds, `gradus search` makes of its flags, and a study's log begins with.

const count = z.int().min(1).max(1_000_000);
const setting = z.record(z.string(), z.json());

const samplerSchema = z.discriminatedUnion("kind", [
  /** Every combination of the dimensions' values. */
  z.strictObject({ kind: z.literal("grid") }),
  /** These settings, in this order. */
  z.strictObject({ kind: z.literal("list"), settings: z.array(setting).min(1) }),
  z.strictObject({ kind: z.literal("random"), trials: count }),
  z.strictObject({ kind: z.literal("sobol"), trials: count }),
  z.strictObject({ kind: z.literal("tpe"), trials: count }),
  z.strictObject({ kind: z.literal("gaussian-process"), trials: count }),
  z.strictObject({ kind: z.literal("cma-es"), trials: count }),
]);

/** How a stage's ranges follow from the trials of the stage before. */
const narrowSchema = z.discriminatedUnion("rule", [
  /** From the smallest to the largest value among the best so many. */
  z.strictObject({ rule: z.literal("top"), count: count.default(3), widen: z.number().min(0).max(10).default(0.5) }),
  /** The same among all that cannot be told from the best. */
  z.strictObject({ rule: z.literal("indistinguishable"), widen: z.number().min(0).max(10).default(0.5) }),
]);

const stageSchema = z.strictObject({
  sampler: samplerSchema,
  /** Absent in the first stage. */
  narrow: narrowSchema.optional(),
  /** Values of each range in a grid, where that differs from the space's. */
  count: count.optional(),
});

const prunerSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  /** Ends a trial that is below the median of the others at the same update, from `after` measurements on. */
  z.strictObject({ kind: z.literal("median"), after: count.default(3) }),
  /** At `first` updates the best 1/eta go on, at eta times as many the best 1/eta of those, and so on. */
  z.strictObject({ kind: z.literal("successive-halving"), first: count, eta: z.int().min(2).max(100).default(3) }),
  /** Successive halving from several first rungs, a part of the trials each. */
  z.strictObject({ kind: z.literal("hyperband"), first: count, eta: z.int().min(2).max(100).default(3) }),
  /** Successive halving that waits for nobody: a rung keeps the best 1/eta of all that have reached it so far. */
  z.strictObject({
    kind: z.literal("asynchronous-successive-halving"),
    first: count,
    eta: z.int().min(2).max(100).default(3),
  }),
]);

export const searchSchema = z.strictObject({
  /** What the study is called; searching under the same name goes on. */
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/, "letters, digits and . _ -, 60 at most")
    .default("search"),
  /** A spec, or the name of its file or of a published training. */
  spec: z.union([z.string().min(1), z.record(z.string(), z.json())]),
  /** The study whose best trials gave the ranges, where one did. */
  refines: z.strictObject({ study: z.string(), trials: z.array(z.int()), widen: z.number() }).optional(),
  /** What is varied: paths of the spec. */
  vary: z.record(z.string(), dimensionSchema),
  /** Settings to try first, whatever the sampler. */
  enqueue: z.array(setting).default([]),
  stages: z.array(stageSchema).min(1).max(20),
  /** Of the samplers. */
  seed: z.int().min(0).default(1),
  /** Runs of each setting, with the spec's seed and those that follow it. */
  seeds: z.int().min(1).max(1000).default(1),
  /** Cross-validation: each setting is trained once for each part of the training images, and measured on that part. */
  folds: z.int().min(2).max(1000).optional(),
  /** Whether each part has its share of every class; of new searches with folds `true`. */
  stratified: z.boolean().default(false),
  pruner: prunerSchema.default({ kind: "none" }),
  /** Each trial begins with the weights that the one before it ended with: what searches do by mistake, to be shown. */
  carry: z.boolean().default(false),
  /** What is sought: the first decides; several give the Pareto set. Accuracy is to be large, the others small. */
  objectives: z
    .array(z.enum(["accuracy", "parameters", "seconds"]))
    .min(1)
    .max(3)
    .default(["accuracy"]),
  /** Rows of the table at the end. */
  top: count.default(3),
  /** Changes to the spec for the final run, which is measured on the test set: on CIFAR-10 all images but 1,000 train. */
  final: setting.optional(),
});

export type SearchDocument = z.output<typeof searchSchema>;
export type SearchInput = z.input<typeof searchSchema>;

export type Stage = SearchDocument["stages"][number];
export type Pruner = SearchDocument["pruner"];

/** A complete search from what a file or caller gave, defaults filled in. @throws Fault `spec` */
export function parseSearch(input: unknown): SearchDocument {
  requireNoAddress(input);
  const result = searchSchema.safeParse(input);
  if (result.success) {
    const { data } = result;
    // A log that says nothing of it is older than the key.
    const isSaid = "stratified" in (input as object);
    return data.folds === undefined || isSaid ? data : { ...data, stratified: true };
  }
  throw specFault(result.error.issues, input, searchSchema);
}
