import type { Into } from "../math/device.ts";
import { penaltySlope } from "./l2.ts";
import { isPenalised, type Parameters } from "./parameters.ts";

/** Sends dJ = dL + 2 lambda W of each parameter to the gradient of the same name, for `mlpBackward`. */
export function intoGradients(
  gradients: Parameters, // written
  parameters: Parameters,
  lambda: Float64Array, // [members]
): (name: string) => Into {
  const one = lambda.map(() => 1);
  const none = lambda.map(() => 0);
  const slope = lambda.map(penaltySlope);
  return (name) => ({
    target: gradients[name],
    alpha: one,
    beta: isPenalised(name) ? slope : none,
    base: parameters[name],
  });
}
