import type { Affine, Device, Into, Tally, Tensor } from "../math/device.ts";
import type { Activations } from "./activations.ts";
import type { Architecture } from "./architecture.ts";
import type { Averages } from "./averages.ts";
import { batchNormBackward, batchNormForward } from "./batch-norm.ts";
import { denseBackward, denseForward } from "./dense.ts";
import { lossBackward, lossForward } from "./loss.ts";
import { type Parameters, parameterName } from "./parameters.ts";
import { reluBackward, reluForward } from "./relu.ts";

/** How a forward pass normalises and drops. */
export interface Pass {
  /** Statistics to normalise by; the samples' own where absent. */
  readonly averages?: Averages | undefined;
  /** What each hidden layer's output is multiplied with: 0 drops a node. [members, width, n] each. */
  readonly masks?: readonly Tensor[] | undefined;
}

/** gamma and beta of a layer (1 is the first), where they are learned. */
function affineOf(parameters: Parameters, layer: number): Affine | undefined {
  const [gamma, beta] = [parameters[parameterName("gamma", layer)], parameters[parameterName("beta", layer)]];
  return gamma === undefined ? undefined : { gamma, beta };
}

/**
 * s_l = W_l h_{l-1} + b_l, h_l = max(0, s_l), normalised before or after the ReLU where the architecture says so;
 * scores = W_k h_{k-1} + b_k, p = softmax(scores) or what another loss makes of them; adds to the tally.
 */
export function mlpForward(
  device: Device,
  { batchNorm, loss }: Architecture,
  activations: Activations, // written
  tally: Tally, // added to, [1, members, 2]: sum of losses, right answers
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
    denseForward(device, h, parameters[parameterName("W", layer)], input, parameters[parameterName("b", layer)]);
    if (output === h) normalise(h, h);
    reluForward(device, h, h);
    if (output !== h) normalise(output, h);
    if (masks !== undefined) device.multiply(output, output, masks[index]);
    input = output;
  });
  const last = hidden.length + 1;
  denseForward(device, scores, parameters[parameterName("W", last)], input, parameters[parameterName("b", last)]);
  lossForward(device, loss, probabilities, tally, scores, labels);
}

/**
 * The gradient of the mean loss, last layer first. `into(name)` says where each parameter's gradient goes and with
 * which factors: gradient buffers, or the parameters themselves (a layer's parameters are read before they change).
 */
export function mlpBackward(
  device: Device,
  { batchNorm, loss }: Architecture,
  activations: Activations, // as `mlpForward` left them; written
  into: (name: string) => Into,
  parameters: Parameters,
  x: Tensor, // [1, dimension, n], shared
  labels: Tensor, // [1, 1, n]
  masks?: readonly Tensor[], // those of the forward pass
): void {
  const { hidden, probabilities } = activations;
  const eps = batchNorm?.eps ?? 0;
  lossBackward(device, loss, probabilities, probabilities, labels);
  let ds = probabilities;
  for (let layer = hidden.length + 1; layer >= 1; layer--) {
    const [W, b] = [parameterName("W", layer), parameterName("b", layer)];
    const below = hidden[layer - 2];
    denseBackward(device, below?.d, into(W), into(b), ds, parameters[W], below?.output ?? x);
    if (below === undefined) break;

    const { h, output, norm } = below;
    let d = below.d;
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
    if (output !== h) throughNorm();
    reluBackward(device, d, d, h);
    if (output === h) throughNorm();
    ds = d;
  }
}
