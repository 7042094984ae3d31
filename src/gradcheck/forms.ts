import type { CheckOptions } from "./check.ts";

/** Every form a network can have, to be checked one by one: each activation with each normalisation, with and without shortcuts; each loss. */
export function everyForm(): Pick<CheckOptions, "batchNorm" | "activation" | "residual" | "loss">[] {
  const networks = ([undefined, "before-relu", "after-relu"] as const).flatMap((place) =>
    activations.flatMap((activation) =>
      [false, true].map((residual) => ({
        ...(place && { batchNorm: { place } }),
        ...(activation && { activation }),
        ...(residual && { residual }),
      })),
    ),
  );
  return [...networks, ...losses.map((loss) => ({ loss }))];
}

const activations = [
  undefined,
  { kind: "leaky-relu", slope: 0.01 },
  { kind: "gelu" },
  { kind: "tanh" },
] as const satisfies readonly CheckOptions["activation"][];

const losses = [
  { kind: "softmax", smoothing: 0.1 },
  { kind: "sigmoid", over: "mean" },
  { kind: "sigmoid", over: "sum" },
  { kind: "hinge", margin: 1 },
] as const satisfies readonly CheckOptions["loss"][];
