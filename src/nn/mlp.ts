import type { Device, Into, Tensor } from "../math/device.ts";
import { denseBackward, denseForward } from "./dense.ts";
import { reluBackward, reluForward } from "./relu.ts";
import { softmaxCrossEntropyBackward, softmaxCrossEntropyForward } from "./softmax-cross-entropy.ts";

/** A population of fully-connected classifiers of one shape. */
export interface Architecture {
  /** Networks trained side by side. */
  readonly members: number;
  /** Nodes from the input to the classes, e.g. [3072, 50, 10]; two entries are softmax regression. */
  readonly widths: readonly number[];
}

/** Named parameters: W1 [members, out, in], b1 [members, out, 1], W2, ... Gradients have the same names and shapes. */
export type Parameters = Readonly<Record<string, Tensor>>;

/** Where a forward pass leaves what the backward pass reads, for n samples. */
export interface Activations {
  /** hidden[l]: h = max(0, s) of hidden layer l + 1, [members, width, n]. */
  readonly hidden: readonly Tensor[];
  /** dHidden[l]: dJ/dh, then dJ/ds, of the same layer. */
  readonly dHidden: readonly Tensor[];
  /** Scores of the last layer, [members, classes, n]. */
  readonly scores: Tensor;
  /** Their softmax; the backward pass leaves dJ/ds here. */
  readonly probabilities: Tensor;
}

/** Name and shape of every parameter, in the order W1, b1, W2, b2, ... */
export function parameterShapes({ members, widths }: Architecture): [name: string, shape: number[]][] {
  return widths.slice(1).flatMap((out, index): [string, number[]][] => [
    [`W${index + 1}`, [members, out, widths[index]]],
    [`b${index + 1}`, [members, out, 1]],
  ]);
}

/** Trainable numbers of one member. */
export function parameterCount(architecture: Architecture): number {
  const shapes = parameterShapes({ ...architecture, members: 1 });
  return shapes.reduce((sum, [, [, rows, columns]]) => sum + rows * columns, 0);
}

/** All parameters, zero. */
export function createParameters(device: Device, architecture: Architecture): Parameters {
  return Object.fromEntries(parameterShapes(architecture).map(([name, shape]) => [name, device.tensor(shape)]));
}

/** The weight matrices, first layer first: what the penalty counts. */
export function weightsOf(parameters: Parameters): Tensor[] {
  return Object.keys(parameters)
    .filter((name) => name.startsWith("W"))
    .map((name) => parameters[name]);
}

export function createActivations(device: Device, { members, widths }: Architecture, n: number): Activations {
  const hiddenWidths = widths.slice(1, -1);
  const classes = widths[widths.length - 1];
  return {
    hidden: hiddenWidths.map((width) => device.tensor([members, width, n])),
    dHidden: hiddenWidths.map((width) => device.tensor([members, width, n])),
    scores: device.tensor([members, classes, n]),
    probabilities: device.tensor([members, classes, n]),
  };
}

/** The same memory for fewer samples. */
export function viewActivations(device: Device, activations: Activations, n: number): Activations {
  const narrow = (t: Tensor) => device.view(t, [t.shape[0], t.shape[1], n]);
  return {
    hidden: activations.hidden.map(narrow),
    dHidden: activations.dHidden.map(narrow),
    scores: narrow(activations.scores),
    probabilities: narrow(activations.probabilities),
  };
}

/** h_l = max(0, W_l h_{l-1} + b_l), scores = W_k h_{k-1} + b_k, p = softmax(scores); adds to the tally. */
export function mlpForward(
  device: Device,
  activations: Activations, // written
  tally: Tensor, // added to, f64 [members, 2]: sum of losses, right answers
  parameters: Parameters,
  x: Tensor, // [1, dimension, n], shared
  labels: Tensor, // [1, 1, n]
): void {
  const { hidden, scores, probabilities } = activations;
  let input = x;
  hidden.forEach((h, index) => {
    denseForward(device, h, parameters[`W${index + 1}`], input, parameters[`b${index + 1}`]);
    reluForward(device, h, h);
    input = h;
  });
  const last = hidden.length + 1;
  denseForward(device, scores, parameters[`W${last}`], input, parameters[`b${last}`]);
  softmaxCrossEntropyForward(device, probabilities, tally, scores, labels);
}

/**
 * The gradient of the mean loss, last layer first. `into(name)` says where each parameter's gradient goes and with
 * which factors: gradient buffers, or the parameters themselves (a layer's weights are read before they change).
 */
export function mlpBackward(
  device: Device,
  activations: Activations, // as `mlpForward` left them; written
  into: (name: string) => Into,
  parameters: Parameters,
  x: Tensor, // [1, dimension, n], shared
  labels: Tensor, // [1, 1, n]
): void {
  const { hidden, dHidden, probabilities } = activations;
  softmaxCrossEntropyBackward(device, probabilities, probabilities, labels);
  let ds = probabilities;
  for (let layer = hidden.length + 1; layer >= 1; layer--) {
    const [W, b] = [`W${layer}`, `b${layer}`];
    const below = layer - 2;
    const dh = dHidden[below];
    denseBackward(device, dh, into(W), into(b), ds, parameters[W], layer === 1 ? x : hidden[below]);
    if (layer === 1) break;
    reluBackward(device, dh, dh, hidden[below]);
    ds = dh;
  }
}
