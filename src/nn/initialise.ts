import type { RandomGenerator } from "../math/random/generator.ts";
import type { ActivationDescription } from "./activation.ts";
import type { Architecture } from "./architecture.ts";
import { orthogonal } from "./orthogonal.ts";
import { parametersOf } from "./parameters.ts";

/** How the weights of a network begin. The description is data; this gives it its meaning. b and beta begin at 0, gamma at 1. */
export type InitialisationDescription =
  | { readonly kind: "fan-in" }
  | { readonly kind: "he" }
  | { readonly kind: "normal"; readonly sigma: number }
  | { readonly kind: "uniform"; readonly low: number; readonly high: number }
  | { readonly kind: "orthogonal"; readonly gain: number };

/**
 * First values of one member's parameters by name, each row-major [out, in].
 * `generator(layer)` gives the random numbers of a layer's weights; layer 1 is asked first.
 */
export function initialParameters(
  architecture: Architecture,
  description: InitialisationDescription,
  generator: (layer: number) => RandomGenerator,
): Record<string, Float64Array> {
  const values: Record<string, Float64Array> = {};
  for (const { name, role, layer, shape } of parametersOf(architecture)) {
    const [, out, inputs] = shape;
    values[name] =
      role === "W"
        ? weights(description, architecture, generator(layer), out, inputs)
        : new Float64Array(out).fill(role === "gamma" ? 1 : 0);
  }
  return values;
}

function weights(
  description: InitialisationDescription,
  { activation }: Architecture,
  generator: RandomGenerator,
  out: number,
  fanIn: number,
): Float64Array {
  const count = out * fanIn;
  switch (description.kind) {
    case "fan-in":
      return generator.normal(0, 1 / Math.sqrt(fanIn), count);
    case "he":
      return generator.normal(0, Math.sqrt(squaredGain(activation) / fanIn), count);
    case "normal":
      return generator.normal(0, description.sigma, count);
    case "uniform":
      return generator.uniform(description.low, description.high, count);
    case "orthogonal":
      return orthogonal(description.gain, generator, out, fanIn);
  }
}

/** What the variance of scores must be multiplied by so that activations keep it, roughly. */
function squaredGain(activation: ActivationDescription | undefined): number {
  switch (activation?.kind) {
    case undefined:
    case "relu":
    case "gelu": // close to the ReLU
      return 2; // He et al. 2015, eq. 10
    case "leaky-relu":
      return 2 / (1 + activation.slope * activation.slope); // He et al. 2015, eq. 15
    case "tanh":
      return 25 / 9; // the 5/3 of PyTorch's calculate_gain
  }
}
