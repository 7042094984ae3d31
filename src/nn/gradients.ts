import type { Device, Into } from "../math/device.ts";
import type { Architecture } from "./architecture.ts";
import { penaltySlope } from "./l2.ts";
import { createParameters, isPenalised, type Parameters } from "./parameters.ts";

/** A gradient of each parameter, and the way there for `mlpBackward`. */
export function createGradients({
  device,
  architecture,
  parameters,
  lambda,
}: {
  readonly device: Device;
  readonly architecture: Architecture;
  readonly parameters: Parameters;
  readonly lambda: Float64Array; // [members]; 0 for dL alone
}): { readonly gradients: Parameters; readonly into: (name: string) => Into } {
  const gradients = createParameters(device, architecture);
  return { gradients, into: intoGradients(gradients, parameters, lambda) };
}

/** Sends dJ = dL + 2 lambda W of each parameter to the gradient of the same name, for `mlpBackward`. */
export function intoGradients(
  gradients: Parameters, // written
  parameters: Parameters,
  lambda: Float64Array, // [members]
): (name: string) => Into {
  const ones = lambda.map(() => 1);
  const none = lambda.map(() => 0);
  const slope = lambda.map(penaltySlope);
  return (name) => ({
    target: gradients[name],
    alpha: ones,
    beta: isPenalised(name) ? slope : none,
    base: parameters[name],
  });
}
