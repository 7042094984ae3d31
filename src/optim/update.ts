import type { Device, Into } from "../math/device.ts";
import type { Architecture } from "../nn/architecture.ts";
import { createParameters, type Parameters } from "../nn/parameters.ts";
import { followVelocity, intoVelocity } from "./momentum.ts";
import { intoDescent } from "./sgd.ts";

/** How a step is taken. The description is data; `createUpdate` gives it its meaning. */
export type UpdateDescription =
  | { readonly kind: "sgd" }
  | { readonly kind: "momentum"; readonly rho: number; readonly velocities: "kept" | "reset" };

/** The update rule of a population, with what it keeps from step to step. */
export interface Update {
  /** What goes on from step to step beside the parameters. */
  readonly velocities: Parameters;
  /** Where the backward pass sends each parameter's gradient. */
  into(learningRate: Float64Array): (name: string) => Into;
  /** What is left to do when all gradients are there. */
  finish(learningRate: Float64Array): void;
  /** Before the first step of each epoch. */
  startEpoch(): void;
}

/** The members' rules are of one kind; their numbers may differ. */
export function createUpdate(
  device: Device,
  architecture: Architecture,
  parameters: Parameters, // written by every step
  descriptions: readonly UpdateDescription[], // one a member
  lambda: Float64Array, // [members]
  isMoving = false, // whether its velocities will be written, to go on from an earlier step
): Update {
  const [first] = descriptions;
  if (first.kind === "sgd") {
    return { velocities: {}, into: (rate) => intoDescent(parameters, rate, lambda), finish() {}, startEpoch() {} };
  }
  const velocities = createParameters(device, architecture);
  const rho = Float64Array.from(descriptions, (own) => (own.kind === "momentum" ? own.rho : 0));
  const none = rho.map(() => 0);
  let isAtRest = !isMoving;
  return {
    velocities,
    into: (rate) => intoVelocity(velocities, rate, isAtRest ? none : rho),
    finish(rate) {
      followVelocity(device, parameters, velocities, rate, lambda);
      isAtRest = false;
    },
    startEpoch() {
      if (first.velocities === "reset") isAtRest = true;
    },
  };
}
