import type { Split } from "./data/splits.ts";
import { type CheckOptions, checkGradients as checkOn } from "./gradcheck/check.ts";
import { createNodeDevice } from "./math/select.node.ts";
import type { TrainingEvent } from "./record/event.ts";
import type { SpecInput } from "./record/spec.ts";
import type { Weights } from "./train/weights.ts";
import { trainInThread } from "./worker/train-in-thread.node.ts";

/**
 * Trains one run, or several side by side that share their mini-batches, in a thread of its own, and yields what happens.
 * Without `data` it reads CIFAR-10 from the cache folder that `gradus data fetch` fills.
 *
 * ```ts
 * const training = train({ training: { epochs: 1, schedule: { kind: "constant", rate: 0.01 } } });
 * for await (const event of training) if (event.kind === "measured") console.log(event.measurement);
 * ```
 * @throws Fault for a wrong spec, missing data or an unknown device: what, where and the remedy.
 */
export async function* train(
  specs: SpecInput | readonly SpecInput[],
  options: { readonly data?: Split; readonly signal?: AbortSignal } = {},
): AsyncGenerator<TrainingEvent, Weights[]> {
  return yield* trainInThread(specs, options);
}

/**
 * Compares the hand-derived gradients of a device with numeric ones, for every parameter of small networks.
 *
 * ```ts
 * const { passed, parameters } = await checkGradients({ layers: [2], lambda: [0.1] });
 * ```
 */
export async function checkGradients(options: CheckOptions & { readonly device?: string } = {}) {
  const device = await createNodeDevice(options.device ?? "auto", "f64");
  try {
    return await checkOn(device, options);
  } finally {
    device.close();
  }
}

export type { Dataset } from "./data/dataset.ts";
export type { Split } from "./data/splits.ts";
export { experiments, findExperiment } from "./experiments/catalogue.ts";
export type { Experiment } from "./experiments/experiment.ts";
export { Fault, type FaultCode } from "./fault/fault.ts";
export type { CheckOptions } from "./gradcheck/check.ts";
export type { CheckedNetwork } from "./gradcheck/network.ts";
export type { GradientCheck, Kink, ParameterCheck } from "./gradcheck/verdict.ts";
export type { DeviceDescription, Divergence, Final, Measurement, Metrics, TrainingEvent } from "./record/event.ts";
export { fold, type RunState } from "./record/fold.ts";
export { parseSpec } from "./record/parse-spec.ts";
export { encodeSafetensors } from "./record/safetensors.ts";
export type { Spec, SpecInput } from "./record/spec.ts";
export { loadSplit } from "./train/split.node.ts";
export { type Outcome, outcome } from "./train/train.ts";
export type { Weights } from "./train/weights.ts";
