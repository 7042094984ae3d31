import type { Affine, Device, Into, Mixture, Tally, Tensor } from "../math/device.ts";
import { activationBackward, activationForward } from "./activation.ts";
import type { Activations } from "./activations.ts";
import type { Architecture } from "./architecture.ts";
import type { Averages } from "./averages.ts";
import { batchNormBackward, batchNormForward } from "./batch-norm.ts";
import { denseBackward, denseForward } from "./dense.ts";
import { lossBackward, lossForward } from "./loss.ts";
import { type Parameters, parameterName } from "./parameters.ts";
import { copy, shortcutBackward, shortcutForward } from "./shortcut.ts";

/** How a forward pass normalises and drops. */
export interface Pass {
  /** Statistics to normalise by; the samples' own where absent. */
  readonly averages?: Averages | undefined;
  /** What each hidden layer's output is multiplied with: 0 drops a node. [members, width, n] each. */
  readonly masks?: readonly Tensor[] | undefined;
  /** Second labels, where images are mixed. */
  readonly mixture?: Mixture | undefined;
}

/** gamma and beta of a layer (1 is the first), where they are learned. */
function affineOf(parameters: Parameters, layer: number): Affine | undefined {
  const [gamma, beta] = [parameters[parameterName("gamma", layer)], parameters[parameterName("beta", layer)]];
  return gamma === undefined ? undefined : { gamma, beta };
}

/**
 * One hidden layer (0 is the first): s = W x + b, h = max(0, s) or another activation, normalised before or after it where the
 * architecture says so, and where it has a shortcut x added. Returns what the next layer reads.
 */
export function hiddenForward(
  device: Device,
  { batchNorm, activation }: Architecture,
  { hidden }: Activations, // written
  parameters: Parameters,
  index: number,
  input: Tensor, // [members or shared, in, n]
  { averages, masks }: Pass = {},
): Tensor {
  const { s, h, y, output, norm } = hidden[index];
  const layer = index + 1;
  const eps = batchNorm?.eps ?? 0;
  const normalise = (to: Tensor, from: Tensor) => {
    if (norm === undefined) return;
    const affine = affineOf(parameters, layer);
    const known = averages?.[index];
    if (known === undefined) batchNormForward(device, to, norm.normalised, norm.statistics, from, affine, eps);
    else device.normalise(to, from, known, affine, eps);
  };
  denseForward(device, s, parameters[parameterName("W", layer)], input, parameters[parameterName("b", layer)]);
  if (norm?.place === "before") normalise(s, s);
  activationForward(device, activation, h, s);
  if (norm?.place === "after") normalise(y, h);
  if (masks !== undefined) device.multiply(y, y, masks[index]);
  if (output !== y) shortcutForward(device, output, y, input);
  return output;
}

/**
 * All hidden layers, then scores = W_k h_{k-1} + b_k, p = softmax(scores) or what another loss makes of them; adds to the tally.
 */
export function mlpForward(
  device: Device,
  architecture: Architecture,
  activations: Activations, // written
  tally: Tally, // added to, [1, members, 2]: sum of losses, right answers
  parameters: Parameters,
  x: Tensor, // [1, dimension, n], shared
  labels: Tensor, // [1, 1, n]
  pass: Pass = {},
): void {
  const { hidden, scores, probabilities } = activations;
  let input = x;
  for (const index of hidden.keys()) {
    input = hiddenForward(device, architecture, activations, parameters, index, input, pass);
  }
  const last = hidden.length + 1;
  denseForward(device, scores, parameters[parameterName("W", last)], input, parameters[parameterName("b", last)]);
  lossForward(device, architecture.loss, probabilities, tally, scores, labels, pass.mixture);
}

/**
 * The gradient of the mean loss, last layer first. `into(name)` says where each parameter's gradient goes and with
 * which factors: gradient buffers, or the parameters themselves (a layer's parameters are read before they change).
 */
export function mlpBackward(
  device: Device,
  { batchNorm, activation, loss }: Architecture,
  activations: Activations, // as `mlpForward` left them; written
  into: (name: string) => Into,
  parameters: Parameters,
  x: Tensor, // [1, dimension, n], shared
  labels: Tensor, // [1, 1, n]
  { masks, mixture }: Pick<Pass, "masks" | "mixture"> = {}, // those of the forward pass
): void {
  const { hidden, probabilities } = activations;
  const eps = batchNorm?.eps ?? 0;
  lossBackward(device, loss, probabilities, probabilities, labels, mixture);
  let ds = probabilities;
  let beside: Tensor | undefined; // dJ/doutput of the layer above, where that has a shortcut
  for (let layer = hidden.length + 1; layer >= 1; layer--) {
    const [W, b] = [parameterName("W", layer), parameterName("b", layer)];
    const below = hidden[layer - 2];
    denseBackward(device, below?.d, into(W), into(b), ds, parameters[W], below?.output ?? x);
    if (below === undefined) break;
    if (beside !== undefined) shortcutBackward(device, below.d, beside);

    const { s, h, dy, norm } = below;
    beside = dy && below.d;
    let d = dy ?? below.d;
    if (dy !== undefined) copy(device, dy, below.d);
    const throughNorm = () => {
      if (norm === undefined) return;
      const affine = affineOf(parameters, layer - 1);
      const dAffine = affine && {
        gamma: into(parameterName("gamma", layer - 1)),
        beta: into(parameterName("beta", layer - 1)),
      };
      batchNormBackward(device, norm.d, dAffine, d, norm.normalised, norm.statistics, affine, eps);
      d = norm.d;
    };
    if (masks !== undefined) device.multiply(d, d, masks[layer - 2]);
    if (norm?.place === "after") throughNorm();
    activationBackward(device, activation, d, d, h, s);
    if (norm?.place === "before") throughNorm();
    ds = d;
  }
}
