import type { Device } from "../math/device.ts";
import { createDevice } from "../math/select.ts";
import { compareParameters } from "./compare-parameters.ts";
import { analyticGradients, normalExamples, type Problem, smallNetwork } from "./network.ts";
import { type DifferenceSteps, plainDifferences } from "./numeric.ts";
import { requireProblem } from "./requirements.ts";
import type { ComparedParameter } from "./verdict.ts";

/** One network, and how its gradients are measured. */
export interface ReportProblem extends Omit<Problem, "data" | "seed" | "classes"> {
  readonly examples: number;
  readonly classes?: number;
  readonly seed?: number;
  /** In place of `examples` standard normal ones. */
  readonly data?: Problem["data"];
  /** h of each difference; 1e-5, the course's, when absent. */
  readonly step?: Partial<DifferenceSteps>;
  /** Floor of the relative errors' denominators; 1e-12 when absent. */
  readonly eps?: number;
}

/**
 * Analytic gradients of `device` as the course's reports measured them: against plain forward and centred differences of
 * the float64 reference, by each of the four measures. It judges nothing: that is what `checkGradients` is for.
 */
export async function reportStyleCheck(
  device: Device, // f64
  { examples, classes = 10, seed = 1, data, step, eps = 1e-12, ...problem }: ReportProblem,
): Promise<ComparedParameter[]> {
  const { layers, lambda, dimensions, hidden } = problem;
  requireProblem({ layers, lambda, dimensions, examples, hidden, classes }, data);
  const dataset = data ?? normalExamples(dimensions, examples, classes, seed);
  const small = smallNetwork({ ...problem, classes, seed, data: dataset });
  const network = { ...small, gradients: await analyticGradients(device, small) };
  const reference = await createDevice("reference");
  const steps = { forward: 1e-5, centred: 1e-5, ...step };
  return compareParameters(network, (name) => plainDifferences(reference, small, name, steps), eps);
}
