import type { Device } from "../math/device.ts";
import { intoGradients } from "../nn/gradients.ts";
import {
  type Architecture,
  createActivations,
  createParameters,
  mlpBackward,
  mlpForward,
  parameterShapes,
} from "../nn/mlp.ts";

/** One small network, its data and its gradients: everything a check in another framework needs. */
export interface CheckedNetwork {
  /** Nodes from the inputs to the classes. */
  readonly widths: readonly number[];
  readonly lambda: number;
  /** [dimensions, examples]: columns are examples. */
  readonly inputs: Float64Array<ArrayBuffer>;
  readonly labels: Uint8Array<ArrayBuffer>;
  /** By name, W1 [out, in], b1 [out], ... */
  readonly parameters: Readonly<Record<string, Float64Array>>;
  /** dJ of the same names and shapes. */
  readonly gradients: Readonly<Record<string, Float64Array>>;
}

/** Name and shape of the parameters of one network; biases are vectors. */
export function shapesOf(widths: readonly number[]): [name: string, shape: number[]][] {
  return parameterShapes({ members: 1, widths }).map(([name, [, out, inputs]]) => [
    name,
    name.startsWith("b") ? [out] : [out, inputs],
  ]);
}

/** The analytic gradients of the cost, by the kernels of `device`. */
export async function analyticGradients(
  device: Device, // f64
  network: Omit<CheckedNetwork, "gradients">,
): Promise<Record<string, Float64Array>> {
  const { widths, inputs, labels, lambda, parameters } = network;
  const architecture: Architecture = { members: 1, widths };
  const examples = labels.length;
  const values = createParameters(device, architecture);
  const gradients = createParameters(device, architecture);
  for (const name of Object.keys(values)) device.write(values[name], parameters[name]);
  const x = device.batch(widths[0], examples);
  device.write(x, inputs);
  const y = device.tensor([1, 1, examples]);
  device.write(y, labels);

  const activations = createActivations(device, architecture, examples);
  mlpForward(device, activations, device.tensor([1, 2], "f64"), values, x, y);
  mlpBackward(device, activations, intoGradients(gradients, values, Float64Array.of(lambda)), values, x, y);
  const read = Object.entries(gradients).map(async ([name, t]) => [name, Float64Array.from(await device.read(t))]);
  return Object.fromEntries(await Promise.all(read));
}
