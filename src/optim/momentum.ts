import type { Device, Into } from "../math/device.ts";
import { penaltySlope } from "../nn/l2.ts";
import { createParameters, isPenalised, type Parameters } from "../nn/parameters.ts";
import type { Update, UpdateDescription, UpdateSetting } from "./update.ts";

// v <- rho v + eta (dL/dW + 2 lambda W),   W <- W - v
// The same for b, gamma and beta without the penalty.

type Momentum = Extract<UpdateDescription, { kind: "momentum" }>;

/** The rule `momentum`. Velocities of 0, at the start and where each epoch resets them, are not read. */
export function momentum(
  { device, architecture, parameters, lambda, isMoving }: UpdateSetting,
  descriptions: readonly Momentum[], // one a member, of the same `velocities`
): Update {
  const velocity = createParameters(device, architecture);
  const rho = Float64Array.from(descriptions, (description) => description.rho);
  const none = rho.map(() => 0);
  let isAtRest = !isMoving;
  return {
    state: { velocity },
    into: ({ learningRate }) => intoVelocity(velocity, learningRate, isAtRest ? none : rho),
    finish({ learningRate }) {
      followVelocity(device, parameters, velocity, learningRate, lambda);
      isAtRest = false;
    },
    startEpoch() {
      if (descriptions[0].velocities === "reset") isAtRest = true;
    },
  };
}

/** Sends each gradient of the loss into its velocity: v <- rho v + eta dL. */
function intoVelocity(
  velocities: Parameters, // written
  learningRate: Float64Array, // [members]
  rho: Float64Array, // [members]
): (name: string) => Into {
  return (name) => ({ target: velocities[name], alpha: learningRate, beta: rho, base: velocities[name] });
}

/** Adds the penalty's part to the velocities and takes the step: v <- v + 2 eta lambda W, W <- W - v. */
function followVelocity(
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
