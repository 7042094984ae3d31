import type { Device } from "../math/device.ts";
import { createDevice } from "../math/select.ts";
import type { ActivationDescription } from "../nn/activation.ts";
import type { BatchNorm } from "../nn/architecture.ts";
import type { LossDescription } from "../nn/loss.ts";
import { compareParameters } from "./compare-parameters.ts";
import { analyticGradients, type CheckedNetwork, type Examples, normalExamples, smallNetwork } from "./network.ts";
import { type DifferenceSteps, numericGradient } from "./numeric.ts";
import { requirePositive, requireProblem } from "./requirements.ts";
import type { GradientCheck, ParameterCheck } from "./verdict.ts";

/** What is checked, and how strictly; everything may be left out. */
export interface CheckOptions {
  /** Layers of the networks: 1 is softmax regression. */
  readonly layers?: readonly number[];
  readonly lambda?: readonly number[];
  /** Inputs of an example. */
  readonly dimensions?: number;
  readonly examples?: number;
  /** Nodes of each hidden layer. */
  readonly hidden?: number;
  readonly classes?: number;
  readonly seed?: number;
  /** Examples to use in place of standard normal numbers: [dimensions, examples] and labels below `classes`. */
  readonly data?: Examples;
  /** Normalises the hidden layers; what it leaves out is as in training: every one, before the ReLU, with gamma and beta. */
  readonly batchNorm?: Partial<BatchNorm>;
  /** The ReLU where absent. */
  readonly activation?: ActivationDescription;
  /** Whether hidden layers but the first add what they read; only networks of three layers and more have such. */
  readonly residual?: boolean;
  /** Softmax cross-entropy where absent. */
  readonly loss?: LossDescription;
  /** 1e-6 forward; centred 1e-3, and 3e-4 with batch normalisation, whose cost is more curved. */
  readonly step?: Partial<DifferenceSteps>;
  readonly tolerance?: number;
}

/** The floor of the relative errors: smaller entries are judged by their absolute error, to 1e-11, above its rounding. */
const EPS = 1e-4;

/** As training has it in float64. */
const STANDARD_BATCH_NORM: BatchNorm = { place: "before-relu", layers: "all", affine: true, eps: 1e-15 };

/**
 * Analytic gradients of `device` against numeric ones of the float64 reference, for every parameter of every network
 * asked for: one and two layers, lambda 0 and .1, unless `options` says otherwise.
 */
export async function checkGradients(
  device: Device, // f64
  options: CheckOptions = {},
): Promise<GradientCheck & { readonly networks: readonly CheckedNetwork[] }> {
  const { layers = [1, 2], lambda = [0, 0.1], dimensions = 20, examples = 10, hidden = 10 } = options;
  const { classes = 10, seed = 1, tolerance = 1e-7 } = options;
  requireProblem({ layers, lambda, dimensions, examples, hidden, classes }, options.data, options.batchNorm);
  const data = options.data ?? normalExamples(dimensions, examples, classes, seed, options.loss);
  const step = { forward: 1e-6, centred: options.batchNorm ? 3e-4 : 1e-3, ...options.step };
  requirePositive({ "step.forward": step.forward, "step.centred": step.centred, tolerance });
  const batchNorm = options.batchNorm && { ...STANDARD_BATCH_NORM, ...options.batchNorm };
  const { activation, residual, loss } = options;
  const form = {
    ...(batchNorm && { batchNorm }),
    ...(activation && { activation }),
    ...(residual && { residual }),
    ...(loss && { loss }),
  };
  const reference = await createDevice("reference");
  const parameters: ParameterCheck[] = [];
  const networks: CheckedNetwork[] = [];

  for (const depth of layers) {
    for (const penalty of lambda) {
      const problem = { layers: depth, lambda: penalty, dimensions, hidden, classes, seed, data, ...form };
      const small = smallNetwork(problem);
      const network = { ...small, gradients: await analyticGradients(device, small) };
      networks.push(network);
      const compared = await compareParameters(network, (name) => numericGradient(reference, small, name, step), EPS);
      for (const { name, shape, zero, largest, forward, centred, kinks } of compared) {
        const isCompared = zero === true || !(largest < tolerance * EPS);
        parameters.push({
          name,
          shape,
          ...(zero && { zero }),
          layers: depth,
          lambda: penalty,
          largest,
          ...centred,
          kinks,
          forward,
          passed: centred.maxRelative < tolerance && isCompared,
        });
      }
    }
  }
  return {
    passed: parameters.every((parameter) => parameter.passed),
    tolerance,
    step,
    eps: EPS,
    problem: { dimensions, examples: data.labels.length, hidden, seed, ...form },
    parameters,
    networks,
  };
}
