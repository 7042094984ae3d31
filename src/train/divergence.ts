import type { Device, Tensor } from "../math/device.ts";
import type { Activations } from "../nn/activations.ts";
import type { Averages } from "../nn/averages.ts";
import { type Parameters, parameterName } from "../nn/parameters.ts";
import type { Divergence } from "../record/event.ts";

/**
 * Where a member's forward pass first left the finite: the first layer from the input, and in it the first quantity in the
 * order in which the pass meets them. Asked after a forward pass and before the backward pass, which poisons all of them.
 */
export async function locateDivergence(
  device: Device,
  member: number, // its place in the tensors
  parameters: Parameters,
  activations: Activations,
  averages?: Averages, // where hidden layers are normalised by them
): Promise<Omit<Divergence, "step">> {
  const layers = activations.hidden.length + 1;
  for (let layer = 1; layer <= layers; layer++) {
    for (const [where, tensor] of quantities(layer, parameters, activations, averages)) {
      if (!(await allFinite(device, tensor, member))) return { layer, where };
    }
  }
  return { layer: layers, where: "loss" };
}

/** What a layer computes with and comes to, in its order. */
function quantities(
  layer: number,
  parameters: Parameters,
  { hidden, scores }: Activations,
  averages: Averages | undefined,
): (readonly [where: string, tensor: Tensor])[] {
  const [W, b, gamma, beta] = (["W", "b", "gamma", "beta"] as const).map((role) => parameterName(role, layer));
  const known = (...names: string[]) =>
    names.filter((name) => parameters[name] !== undefined).map((name) => [name, parameters[name]] as const);
  if (layer > hidden.length) return [...known(W, b), ["scores", scores]];
  const { h, y, output, norm } = hidden[layer - 1];
  const sum = output === y ? [] : [["activations and shortcut", output] as const];
  if (norm === undefined) return [...known(W, b), ["activations", h], ...sum];
  const average = averages?.[layer - 1];
  const { mean, variance } = average ?? norm.statistics;
  const statistics = [
    ["mean", mean],
    ["variance", variance],
    ...(average === undefined ? [["normalised", norm.normalised] as const] : []),
  ] as const;
  // Of scores that are normalised in their place, their statistics tell.
  return norm.place === "before"
    ? [...known(W, b), ...statistics, ...known(gamma, beta), ["activations", h], ...sum]
    : [...known(W, b), ["activations", h], ...statistics, ...known(gamma, beta), ["normalised activations", y], ...sum];
}

async function allFinite(device: Device, tensor: Tensor, member: number): Promise<boolean> {
  const length = tensor.size / tensor.shape[0];
  const values = (await device.read(tensor)).subarray(member * length, (member + 1) * length);
  return values.every(Number.isFinite);
}
