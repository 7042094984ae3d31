import type { Device, Tensor } from "../math/device.ts";
import type { Activations } from "../nn/activations.ts";
import { type Parameters, parameterName, roles } from "../nn/parameters.ts";
import type { Divergence } from "../record/event.ts";

/** Where, from the input up, a member's numbers first are not finite, after update `step`. */
export async function locateDivergence(
  device: Device,
  member: number,
  step: number,
  parameters: Parameters,
  activations: Activations,
): Promise<Divergence> {
  const layers = activations.hidden.length + 1;
  for (let layer = 1; layer <= layers; layer++) {
    for (const name of roles.map((role) => parameterName(role, layer))) {
      if (parameters[name] === undefined) continue;
      if (!(await allFinite(device, parameters[name], member))) return { step, layer, where: name };
    }
    const scores = layer === layers ? activations.scores : activations.hidden[layer - 1].h;
    if (!(await allFinite(device, scores, member))) return { step, layer, where: "scores" };
  }
  return { step, layer: layers, where: "loss" };
}

async function allFinite(device: Device, tensor: Tensor, member: number): Promise<boolean> {
  const length = tensor.size / tensor.shape[0];
  const values = (await device.read(tensor)).subarray(member * length, (member + 1) * length);
  return values.every(Number.isFinite);
}
