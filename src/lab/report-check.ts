import { z } from "zod";
import { checkGradients } from "../gradcheck/check.ts";
import type { GradientCheck } from "../gradcheck/verdict.ts";
import { createNodeDevice } from "../math/select.node.ts";
import { count } from "../record/measured.ts";
import type { Spec } from "../record/spec.ts";
import type { Store } from "../store/store.ts";
import { activationOf } from "../train/plan.ts";
import { keptCheck } from "./kept-check.ts";

/** Any number, those that are not finite too. */
const number = z.custom<number>((value) => typeof value === "number", "a number");
const disagreement = { maxAbsolute: number, maxRelative: number, normRelative: number, decimals: number };
const kink = z.strictObject({ entry: z.array(count), layer: count, unit: count, example: count });
const parameter = z.strictObject({
  name: z.string(),
  shape: z.array(count),
  zero: z.literal(true).exactOptional(),
  kinks: z.array(kink),
  largest: number,
  ...disagreement,
  layers: count,
  lambda: number,
  forward: z.strictObject(disagreement),
  passed: z.boolean(),
});
const batchNorm = z.strictObject({
  place: z.enum(["before-relu", "after-relu"]),
  layers: z.enum(["all", "all-but-last"]),
  affine: z.boolean(),
  eps: number,
});
const activation = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("relu") }),
  z.strictObject({ kind: z.literal("leaky-relu"), slope: number }),
  z.strictObject({ kind: z.literal("gelu") }),
  z.strictObject({ kind: z.literal("tanh") }),
]);
const loss = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("softmax"), smoothing: number }),
  z.strictObject({ kind: z.literal("sigmoid"), over: z.enum(["mean", "sum"]) }),
  z.strictObject({ kind: z.literal("hinge"), margin: number }),
]);
const gradientCheck: z.ZodType<GradientCheck> = z.strictObject({
  passed: z.boolean(),
  tolerance: number,
  step: z.strictObject({ forward: number, centred: number }),
  eps: number,
  problem: z.strictObject({
    dimensions: count,
    examples: count,
    hidden: count,
    seed: count,
    batchNorm: batchNorm.exactOptional(),
    activation: activation.exactOptional(),
    residual: z.boolean().exactOptional(),
    loss: loss.exactOptional(),
  }),
  parameters: z.array(parameter),
});

/** Layers of the deepest network that is checked: more of them are the same code again, and take the square of their number. */
const DEEPEST = 5;

/**
 * The gradients that a run's report stands on, checked on small networks of its depth, penalty and normalisation by the
 * kernels of the best device here; from the store where that was done before.
 */
export async function reportCheck(store: Store, spec: Spec): Promise<GradientCheck> {
  const { network, training } = spec;
  const { hidden, batchNorm } = network;
  const activation = hidden.length === 0 ? undefined : activationOf(spec);
  const normalisation = hidden.length === 0 ? undefined : batchNorm;
  const device = await createNodeDevice("auto", "f64");
  try {
    const options = {
      layers: [Math.min(hidden.length + 1, DEEPEST)],
      lambda: [training.lambda],
      ...(normalisation === undefined ? {} : { batchNorm: normalised(normalisation) }),
      ...(activation && { activation }),
      ...(network.residual && hidden.length > 1 && { residual: true }),
      ...(training.loss === undefined ? {} : { loss: training.loss }),
    };
    const { name, arithmetic, details } = device;
    const { result } = await keptCheck(store, { name, arithmetic, details, ...options }, gradientCheck, async () => {
      const { networks: _, ...check } = await checkGradients(device, options);
      return check;
    });
    return result;
  } finally {
    device.close();
  }
}

function normalised({ place, layers, affine, eps }: NonNullable<Spec["network"]["batchNorm"]>) {
  return { place, layers, affine, ...(eps === undefined ? {} : { eps }) };
}
