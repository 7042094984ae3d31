import { Fault } from "../fault/fault.ts";
import type { Device } from "../math/device.ts";

import { stream } from "../math/random/stream.ts";
import { createDevice } from "../math/select.ts";
import { initialParameters } from "../nn/initialise.ts";
import { compare } from "./compare.ts";
import { analyticGradients, type CheckedNetwork, shapesOf } from "./network.ts";
import { type DifferenceSteps, numericGradient } from "./numeric.ts";
import type { GradientCheck, Kink, ParameterCheck } from "./verdict.ts";

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
  readonly data?: { readonly inputs: Float64Array<ArrayBuffer>; readonly labels: Uint8Array<ArrayBuffer> };
  readonly step?: Partial<DifferenceSteps>;
  readonly tolerance?: number;
}

/** The floor of the relative errors: smaller entries are judged by their absolute error, to 1e-11, above its rounding. */
const EPS = 1e-4;

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
  const step = { forward: 1e-6, centred: 1e-3, ...options.step };
  requireProblem({
    layers,
    lambda,
    dimensions: [dimensions],
    examples: [examples],
    hidden: [hidden],
    classes: [classes],
  });
  requireFit(options.data, dimensions);
  const data = options.data ?? normalExamples(dimensions, examples, classes, seed);
  const reference = await createDevice("reference");
  const parameters: ParameterCheck[] = [];
  const networks: CheckedNetwork[] = [];

  for (const depth of layers) {
    for (const penalty of lambda) {
      const widths = [dimensions, ...new Array<number>(depth - 1).fill(hidden), classes];
      const values = initialParameters({ members: 1, widths }, { kind: "fan-in" }, (layer) =>
        stream(seed, "gradient-check", depth, layer),
      );
      // Biases start at 0 in training; here a wrong one must show.
      for (const [name, own] of Object.entries(values)) {
        if (name.startsWith("b")) own.set(stream(seed, "gradient-check-bias", depth).normal(0, 0.1, own.length));
      }
      const network = { widths, lambda: penalty, ...data, parameters: values };
      const gradients = await analyticGradients(device, network);
      networks.push({ ...network, gradients });
      for (const [name, shape] of shapesOf(widths)) {
        const numeric = await numericGradient(reference, network, name, step);
        const measured = compare(gradients[name], numeric.centred, EPS, numeric.kinks);
        parameters.push({
          name,
          shape,
          layers: depth,
          lambda: penalty,
          ...measured,
          kinks: [...numeric.kinks].map(([entry, kink]): Kink => ({ entry: indices(entry, shape), ...kink })),
          forward: compare(gradients[name], numeric.forward, EPS, numeric.kinks),
          passed: measured.maxRelative < tolerance && numeric.kinks.size < gradients[name].length,
        });
      }
    }
  }
  return {
    passed: parameters.every((parameter) => parameter.passed),
    tolerance,
    step,
    eps: EPS,
    problem: { dimensions, examples: data.labels.length, hidden, seed },
    parameters,
    networks,
  };
}

/** Refuses what is no problem to check. @throws Fault `usage` */
function requireProblem(options: Readonly<Record<string, readonly number[]>>): void {
  for (const [place, values] of Object.entries(options)) {
    const [kind, least] = place === "lambda" ? ["numbers", 0] : ["whole numbers", 1];
    const wrong = values.find((value) => !(value >= least) || (place !== "lambda" && !Number.isInteger(value)));
    if (wrong === undefined && values.length > 0) continue;
    throw new Fault("usage", place, `${wrong ?? "none is given"}`, `give ${kind} of at least ${least}`);
  }
}

function requireFit(data: CheckOptions["data"], dimensions: number): void {
  if (data === undefined || data.inputs.length === dimensions * data.labels.length) return;
  const complaint = `${data.inputs.length} numbers for ${data.labels.length} examples of ${dimensions} dimensions`;
  throw new Fault("usage", "data.inputs", complaint, "give [dimensions, examples] numbers");
}

function normalExamples(dimensions: number, examples: number, classes: number, seed: number) {
  const inputs = stream(seed, "gradient-check-inputs").standardNormal(
    dimensions * examples,
  ) as Float64Array<ArrayBuffer>;
  return { inputs, labels: Uint8Array.from({ length: examples }, (_, example) => example % classes) };
}

function indices(entry: number, shape: readonly number[]): number[] {
  return shape.length === 1 ? [entry] : [Math.floor(entry / shape[1]), entry % shape[1]];
}
