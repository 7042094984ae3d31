import type { Affine, Device, Into, Statistics, Tensor } from "../math/device.ts";
import { batchNormBackward, batchNormForward, moveAverages } from "./batch-norm.ts";
import { denseBackward, denseForward } from "./dense.ts";
import { reluBackward, reluForward } from "./relu.ts";
import { softmaxCrossEntropyBackward, softmaxCrossEntropyForward } from "./softmax-cross-entropy.ts";

/** A population of fully-connected classifiers of one shape. */
export interface Architecture {
  /** Networks trained side by side. */
  readonly members: number;
  /** Nodes from the input to the classes, e.g. [3072, 50, 10]; two entries are softmax regression. */
  readonly widths: readonly number[];
  readonly batchNorm?: BatchNorm | undefined;
}

/** How hidden layers are normalised. */
export interface BatchNorm {
  /** Of the scores s, or of h = max(0, s). */
  readonly place: "before-relu" | "after-relu";
  readonly layers: "all" | "all-but-last";
  /** Whether gamma and beta are learned. */
  readonly affine: boolean;
  /** Added to the variance. */
  readonly eps: number;
}

/**
 * Named parameters: W1 [members, out, in], b1 [members, out, 1], W2, ...; where layer 1 is normalised with gain and offset,
 * gamma1 and beta1 [members, out, 1] follow b1. Gradients have the same names and shapes.
 */
export type Parameters = Readonly<Record<string, Tensor>>;

/** A hidden layer's buffers; what is absent, the architecture does not need. */
interface HiddenActivations {
  /** h = max(0, s), or max(0, y) where the scores are normalised: [members, width, n]. */
  readonly h: Tensor;
  /** What the next layer reads: h, or h normalised. */
  readonly output: Tensor;
  /** dJ/doutput, and on the way down dJ/dh and dJ/ds. */
  readonly d: Tensor;
  readonly norm?: {
    readonly normalised: Tensor;
    readonly statistics: Statistics;
    /** Where the gradient goes on through the statistics. */
    readonly d: Tensor;
  };
}

/** Where a forward pass leaves what the backward pass reads, for n samples. */
export interface Activations {
  /** From the input up. */
  readonly hidden: readonly HiddenActivations[];
  /** Scores of the last layer, [members, classes, n]. */
  readonly scores: Tensor;
  /** Their softmax; the backward pass leaves dJ/ds here. */
  readonly probabilities: Tensor;
}

/** Moving averages of each hidden layer's statistics; undefined for a layer that is not normalised. */
export type Averages = readonly (Statistics | undefined)[];

/** How a forward pass normalises and drops. */
export interface Pass {
  /** Statistics to normalise by; the samples' own where absent. */
  readonly averages?: Averages | undefined;
  /** What each hidden layer's output is multiplied with: 0 drops a node. [members, width, n] each. */
  readonly masks?: readonly Tensor[] | undefined;
}

/** Whether hidden layer `index` (0 is the first) is normalised. */
export function isNormalised({ widths, batchNorm }: Architecture, index: number): boolean {
  const last = widths.length - 3;
  return batchNorm !== undefined && (batchNorm.layers === "all" || index < last);
}

/** Name and shape of every parameter, in the order W1, b1, (gamma1, beta1,) W2, b2, ... */
export function parameterShapes(architecture: Architecture): [name: string, shape: number[]][] {
  const { members, widths, batchNorm } = architecture;
  return widths.slice(1).flatMap((out, index): [string, number[]][] => {
    const layer = index + 1;
    const isHidden = layer < widths.length - 1;
    const names = [
      "b",
      ...(isHidden && batchNorm?.affine && isNormalised(architecture, index) ? ["gamma", "beta"] : []),
    ];
    return [
      [`W${layer}`, [members, out, widths[index]]],
      ...names.map((name): [string, number[]] => [`${name}${layer}`, [members, out, 1]]),
    ];
  });
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

/** Averages of 0 and, as long as nothing was averaged, variances of 0. */
export function createAverages(device: Device, architecture: Architecture): Averages {
  const { members, widths } = architecture;
  return widths.slice(1, -1).map((width, index) => {
    if (!isNormalised(architecture, index)) return undefined;
    return { mean: device.tensor([members, width, 1]), variance: device.tensor([members, width, 1]) };
  });
}

/** The weight matrices, first layer first: what the penalty counts. */
export function weightsOf(parameters: Parameters): Tensor[] {
  return Object.keys(parameters)
    .filter((name) => name.startsWith("W"))
    .map((name) => parameters[name]);
}

export function createActivations(device: Device, architecture: Architecture, n: number): Activations {
  const { members, widths, batchNorm } = architecture;
  const classes = widths[widths.length - 1];
  return {
    hidden: widths.slice(1, -1).map((width, index): HiddenActivations => {
      const tensor = () => device.tensor([members, width, n]);
      const h = tensor();
      if (!isNormalised(architecture, index)) return { h, output: h, d: tensor() };
      const statistics = { mean: device.tensor([members, width, 1]), variance: device.tensor([members, width, 1]) };
      const output = batchNorm?.place === "after-relu" ? tensor() : h;
      return { h, output, d: tensor(), norm: { normalised: tensor(), statistics, d: tensor() } };
    }),
    scores: device.tensor([members, classes, n]),
    probabilities: device.tensor([members, classes, n]),
  };
}

/** The same memory for fewer samples. */
export function viewActivations(
  device: Device,
  { hidden, scores, probabilities }: Activations,
  n: number,
): Activations {
  const narrow = (t: Tensor) => device.view(t, [t.shape[0], t.shape[1], n]);
  return {
    hidden: hidden.map(({ h, output, d, norm }) => {
      const narrowed = narrow(h);
      return {
        h: narrowed,
        output: output === h ? narrowed : narrow(output),
        d: narrow(d),
        ...(norm && {
          norm: { normalised: narrow(norm.normalised), statistics: norm.statistics, d: narrow(norm.d) },
        }),
      };
    }),
    scores: narrow(scores),
    probabilities: narrow(probabilities),
  };
}

/** gamma and beta of a layer (1 is the first), where they are learned. */
function affineOf(parameters: Parameters, layer: number): Affine | undefined {
  const [gamma, beta] = [parameters[`gamma${layer}`], parameters[`beta${layer}`]];
  return gamma === undefined ? undefined : { gamma, beta };
}

/**
 * s_l = W_l h_{l-1} + b_l, h_l = max(0, s_l), normalised before or after the ReLU where the architecture says so;
 * scores = W_k h_{k-1} + b_k, p = softmax(scores); adds to the tally.
 */
export function mlpForward(
  device: Device,
  { batchNorm }: Architecture,
  activations: Activations, // written
  tally: Tensor, // added to, f64 [members, 2]: sum of losses, right answers
  parameters: Parameters,
  x: Tensor, // [1, dimension, n], shared
  labels: Tensor, // [1, 1, n]
  { averages, masks }: Pass = {},
): void {
  const { hidden, scores, probabilities } = activations;
  const eps = batchNorm?.eps ?? 0;
  let input = x;
  hidden.forEach(({ h, output, norm }, index) => {
    const layer = index + 1;
    const normalise = (y: Tensor, s: Tensor) => {
      if (norm === undefined) return;
      const affine = affineOf(parameters, layer);
      const known = averages?.[index];
      if (known === undefined) batchNormForward(device, y, norm.normalised, norm.statistics, s, affine, eps);
      else device.normalise(y, s, known, affine, eps);
    };
    denseForward(device, h, parameters[`W${layer}`], input, parameters[`b${layer}`]);
    if (output === h) normalise(h, h);
    reluForward(device, h, h);
    if (output !== h) normalise(output, h);
    if (masks !== undefined) device.multiply(output, output, masks[index]);
    input = output;
  });
  const last = hidden.length + 1;
  denseForward(device, scores, parameters[`W${last}`], input, parameters[`b${last}`]);
  softmaxCrossEntropyForward(device, probabilities, tally, scores, labels);
}

/**
 * The gradient of the mean loss, last layer first. `into(name)` says where each parameter's gradient goes and with
 * which factors: gradient buffers, or the parameters themselves (a layer's parameters are read before they change).
 */
export function mlpBackward(
  device: Device,
  { batchNorm }: Architecture,
  activations: Activations, // as `mlpForward` left them; written
  into: (name: string) => Into,
  parameters: Parameters,
  x: Tensor, // [1, dimension, n], shared
  labels: Tensor, // [1, 1, n]
  masks?: readonly Tensor[], // those of the forward pass
): void {
  const { hidden, probabilities } = activations;
  const eps = batchNorm?.eps ?? 0;
  softmaxCrossEntropyBackward(device, probabilities, probabilities, labels);
  let ds = probabilities;
  for (let layer = hidden.length + 1; layer >= 1; layer--) {
    const [W, b] = [`W${layer}`, `b${layer}`];
    const below = hidden[layer - 2];
    denseBackward(device, below?.d, into(W), into(b), ds, parameters[W], below?.output ?? x);
    if (below === undefined) break;

    const { h, output, norm } = below;
    let d = below.d;
    const throughNorm = () => {
      if (norm === undefined) return;
      const affine = affineOf(parameters, layer - 1);
      const dAffine = affine && { gamma: into(`gamma${layer - 1}`), beta: into(`beta${layer - 1}`) };
      batchNormBackward(device, norm.d, dAffine, d, norm.normalised, norm.statistics, affine, eps);
      d = norm.d;
    };
    if (masks !== undefined) device.multiply(d, d, masks[layer - 2]);
    if (output !== h) throughNorm();
    reluBackward(device, d, d, h);
    if (output === h) throughNorm();
    ds = d;
  }
}

/** Takes the statistics that the last forward pass found into the averages; `keep` as `moveAverages`. */
export function averageStatistics(
  device: Device,
  averages: Averages, // written
  { hidden }: Activations,
  keep: Float64Array, // [members]
): void {
  hidden.forEach(({ norm }, index) => {
    const own = averages[index];
    if (norm !== undefined && own !== undefined) moveAverages(device, own, norm.statistics, keep);
  });
}
