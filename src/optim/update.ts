import type { Device, Into } from "../math/device.ts";
import type { Architecture } from "../nn/architecture.ts";
import type { Parameters } from "../nn/parameters.ts";

/** How a step is taken. The description is data; `createUpdate` in `rules.ts` gives it its meaning. */
export type UpdateDescription =
  | { readonly kind: "sgd" }
  | { readonly kind: "momentum"; readonly rho: number; readonly velocities: "kept" | "reset" }
  | { readonly kind: "nesterov"; readonly rho: number }
  | { readonly kind: "adam" | "adamw"; readonly beta1: number; readonly beta2: number; readonly eps: number }
  | { readonly kind: "adagrad"; readonly eps: number }
  | { readonly kind: "rmsprop"; readonly rho: number; readonly eps: number };

/** One update of a population. */
interface Step {
  /** Updates made before it: the first is 0. */
  readonly number: number;
  readonly learningRate: Float64Array; // [members]
}

/** The update rule of a population, with what it keeps from step to step. Each rule is one file that makes one of these. */
export interface Update {
  /**
   * What goes on from step to step beside the parameters: under a prefix such as `velocity`, a tensor of each parameter's
   * name and shape. A checkpoint holds them as `velocity.W1`, ...
   */
  readonly state: Readonly<Record<string, Parameters>>;
  /** Where the backward pass sends each parameter's gradient. */
  into(step: Step): (name: string) => Into;
  /** What is left to do when all gradients are there. */
  finish(step: Step): void;
  /** Before the first step of each epoch. */
  startEpoch(): void;
}

/** What a rule works on. */
export interface UpdateSetting {
  readonly device: Device;
  readonly architecture: Architecture;
  readonly parameters: Parameters; // written by every step
  readonly lambda: Float64Array; // [members]
  /** Whether its state will be written, to go on from an earlier step. */
  readonly isMoving: boolean;
}
