import type { Device, Into } from "../math/device.ts";
import { penaltySlope } from "../nn/l2.ts";
import { isPenalised, type Parameters } from "../nn/parameters.ts";

// v <- rho v + eta (dL/dW + 2 lambda W),   W <- W - v
// The same for b, gamma and beta without the penalty.

/** Sends each gradient of the loss into its velocity: v <- rho v + eta dL. */
export function intoVelocity(
  velocities: Parameters, // written
  learningRate: Float64Array, // [members]
  rho: Float64Array, // [members]
): (name: string) => Into {
  return (name) => ({ target: velocities[name], alpha: learningRate, beta: rho, base: velocities[name] });
}

/** Adds the penalty's part to the velocities and takes the step: v <- v + 2 eta lambda W, W <- W - v. */
export function followVelocity(
  device: Device,
  parameters: Parameters, // written
  velocities: Parameters, // written
  learningRate: Float64Array, // [members]
  lambda: Float64Array, // [members]
): void {
  const pull = learningRate.map((eta, p) => eta * penaltySlope(lambda[p]));
  const none = pull.map(() => 0);
  for (const [name, value] of Object.entries(parameters)) {
    device.followVelocity(value, velocities[name], isPenalised(name) ? pull : none);
  }
}
