import type { Device, Tensor } from "../math/device.ts";
import { type Architecture, isNormalised } from "./architecture.ts";

// The one place that knows what a parameter is; everywhere else asks here.

/** What a parameter does in its layer: weights, biases, and the gain and offset of a normalised layer. */
const roles = ["W", "b", "gamma", "beta"] as const;
export type Role = (typeof roles)[number];

export interface Parameter {
  /** Role and layer: W1, b1, gamma1, ... */
  readonly name: string;
  readonly role: Role;
  /** 1 is the first. */
  readonly layer: number;
  /** [members, out, in] of weights, [members, out, 1] of all others. */
  readonly shape: readonly [members: number, out: number, inputs: number];
}

/** Named tensors, one a parameter, in the order of `parametersOf`. Gradients have the same names and shapes. */
export type Parameters = Readonly<Record<string, Tensor>>;

export function parameterName(role: Role, layer: number): string {
  return `${role}${layer}`;
}

/** Role and layer of a parameter by its name; undefined for what is none, such as an average. */
export function parameterNamed(name: string): Pick<Parameter, "role" | "layer"> | undefined {
  const [, role, layer] = name.match(/^(W|b|gamma|beta)([1-9]\d*)$/) ?? [];
  return role === undefined ? undefined : { role: role as Role, layer: Number(layer) };
}

/** Whether lambda counts it: weights only. */
export function isPenalised(name: string): boolean {
  return parameterNamed(name)?.role === "W";
}

/** Every parameter, in the order W1, b1, (gamma1, beta1,) W2, b2, ... */
export function parametersOf(architecture: Architecture): Parameter[] {
  const { members, widths, batchNorm } = architecture;
  return widths.slice(1).flatMap((out, index) => {
    const layer = index + 1;
    const isHidden = layer < widths.length - 1;
    const hasGain = isHidden && batchNorm?.affine === true && isNormalised(architecture, index);
    const layerRoles: readonly Role[] = hasGain ? roles : ["W", "b"];
    return layerRoles.map((role): Parameter => {
      const shape = [members, out, role === "W" ? widths[index] : 1] as const;
      return { name: parameterName(role, layer), role, layer, shape };
    });
  });
}

/** The shape that one member's numbers have in a file: a matrix of weights, a vector of all others. */
export function memberShape({ role, shape: [, out, inputs] }: Pick<Parameter, "role" | "shape">): number[] {
  return role === "W" ? [out, inputs] : [out];
}

/** Trainable numbers of one member. */
export function parameterCount(architecture: Architecture): number {
  return parametersOf(architecture).reduce((sum, { shape: [, out, inputs] }) => sum + out * inputs, 0);
}

/** All parameters, zero. */
export function createParameters(device: Device, architecture: Architecture): Parameters {
  return Object.fromEntries(parametersOf(architecture).map(({ name, shape }) => [name, device.tensor(shape)]));
}

/** What the penalty counts, first layer first. */
export function penalised(parameters: Parameters): Tensor[] {
  return Object.keys(parameters)
    .filter(isPenalised)
    .map((name) => parameters[name]);
}
