import type { Device } from "../math/device.ts";
import { stream } from "../math/random/stream.ts";
import { createActivations } from "../nn/activations.ts";
import { type Architecture, isNormalised } from "../nn/architecture.ts";
import { intoGradients } from "../nn/gradients.ts";
import { initialParameters } from "../nn/initialise.ts";
import type { LossDescription } from "../nn/loss.ts";
import { mlpBackward, mlpForward } from "../nn/mlp.ts";
import { createParameters, memberShape, parameterNamed, parametersOf } from "../nn/parameters.ts";

/** What a network does beside its products; hidden layers are normalised by the examples' own statistics. */
type Form = Pick<Architecture, "batchNorm" | "activation" | "residual" | "loss">;

/** One small network and its data: everything that its cost depends on. */
export interface SmallNetwork extends Form {
  /** Nodes from the inputs to the classes. */
  readonly widths: readonly number[];
  readonly lambda: number;
  /** [dimensions, examples]: columns are examples. */
  readonly inputs: Float64Array<ArrayBuffer>;
  readonly labels: Uint8Array<ArrayBuffer>;
  /** By name, W1 [out, in], b1 [out], gamma1 [out], ... */
  readonly parameters: Readonly<Record<string, Float64Array>>;
}

/** A network with its gradients: everything a check in another framework needs. */
export interface CheckedNetwork extends SmallNetwork {
  /** dJ of the parameters' names and shapes. */
  readonly gradients: Readonly<Record<string, Float64Array>>;
}

/** Examples of a problem: [dimensions, examples] and labels below `classes`. */
export type Examples = Pick<SmallNetwork, "inputs" | "labels">;

/** What a small network is made of. */
export interface Problem extends Form {
  /** 1 is softmax regression. */
  readonly layers: number;
  readonly lambda: number;
  /** Inputs of an example. */
  readonly dimensions: number;
  /** Nodes of each hidden layer. */
  readonly hidden: number;
  readonly classes: number;
  readonly seed: number;
  readonly data: Examples;
}

/** A network whose parameters all matter: biases and offsets begin near 0 and gains near 1, so that a wrong one shows. */
export function smallNetwork({ layers, dimensions, hidden, classes, seed, ...problem }: Problem): SmallNetwork {
  const { lambda, data, ...form } = problem;
  const widths = [dimensions, ...new Array<number>(layers - 1).fill(hidden), classes];
  const parameters = initialParameters({ members: 1, widths, ...form }, { kind: "fan-in" }, (layer) =>
    stream(seed, "gradient-check", layers, layer),
  );
  for (const { name, role, layer } of parametersOf({ members: 1, widths, ...form })) {
    const values = parameters[name];
    const { length } = values;
    if (role === "b") values.set(stream(seed, "gradient-check-bias", layers).normal(0, 0.1, length));
    if (role === "gamma") values.set(stream(seed, "gradient-check-gamma", layers, layer).normal(1, 0.1, length));
    if (role === "beta") values.set(stream(seed, "gradient-check-beta", layers, layer).normal(0, 0.1, length));
  }
  return { widths, ...form, lambda, ...data, parameters };
}

/**
 * Standard normal inputs; the labels go through the classes. For a hinge the first class has twice as many examples as others: where
 * all have as many, and all scores are within the margin, the gradients of the last biases cancel to 0, which checks nothing.
 */
export function normalExamples(
  dimensions: number,
  examples: number,
  classes: number,
  seed: number,
  loss?: LossDescription,
): Examples {
  const label = (example: number) =>
    loss?.kind === "hinge" ? Math.max(0, (example % (classes + 1)) - 1) : example % classes;
  const inputs = stream(seed, "gradient-check-inputs").standardNormal(
    dimensions * examples,
  ) as Float64Array<ArrayBuffer>;
  return { inputs, labels: Uint8Array.from({ length: examples }, (_, example) => label(example)) };
}

/** Name and shape of the parameters of one network; all but weights are vectors. */
export function shapesOf({ widths, batchNorm }: Pick<SmallNetwork, "widths" | "batchNorm">): [string, number[]][] {
  return parametersOf({ members: 1, widths, batchNorm }).map((parameter) => [parameter.name, memberShape(parameter)]);
}

/**
 * Whether the gradient of a parameter is 0 whatever the data: that of the bias of scores that are normalised next, which
 * takes out whatever is the same for all examples (docs/derivations/batch-norm.md).
 */
export function isAlwaysZero({ widths, batchNorm }: Pick<SmallNetwork, "widths" | "batchNorm">, name: string): boolean {
  const { role, layer = 0 } = parameterNamed(name) ?? {};
  const index = layer - 1;
  const isHiddenBias = role === "b" && index < widths.length - 2;
  return isHiddenBias && batchNorm?.place === "before-relu" && isNormalised({ members: 1, widths, batchNorm }, index);
}

/** The analytic gradients of the cost, by the kernels of `device`. */
export async function analyticGradients(
  device: Device, // f64
  network: SmallNetwork,
): Promise<Record<string, Float64Array>> {
  const { inputs, labels, lambda, parameters, ...shape } = network;
  const architecture: Architecture = { members: 1, ...shape };
  const examples = labels.length;
  const values = createParameters(device, architecture);
  const gradients = createParameters(device, architecture);
  for (const name of Object.keys(values)) device.write(values[name], parameters[name]);
  const x = device.batch(shape.widths[0], examples);
  device.write(x, inputs);
  const y = device.tensor([1, 1, examples]);
  device.write(y, labels);

  const activations = createActivations(device, architecture, examples);
  const into = intoGradients(gradients, values, Float64Array.of(lambda));
  mlpForward(device, architecture, activations, device.tally(1, 2), values, x, y);
  mlpBackward(device, architecture, activations, into, values, x, y);
  const read = Object.entries(gradients).map(async ([name, t]) => [name, Float64Array.from(await device.read(t))]);
  return Object.fromEntries(await Promise.all(read));
}
