import type { Split } from "./data/splits.ts";
import { Fault } from "./fault/fault.ts";
import { type CheckOptions, checkGradients as checkOn } from "./gradcheck/check.ts";
import { createDevice } from "./math/select.ts";
import { classify as classifyOn } from "./model/classify.ts";
import type { Model } from "./model/model.ts";
import type { TrainingEvent } from "./record/event.ts";
import type { SpecInput } from "./record/spec.ts";
import type { PopulationOptions } from "./train/population.ts";
import { relayed } from "./train/relayed.ts";
import { train as trainOn } from "./train/train.ts";
import type { Weights } from "./train/weights.ts";
import { giveTurn } from "./worker/give-turn.ts";

// What `import "gradus"` is in a page, by the condition `browser` of package.json: no Node, no SQLite, no other thread.
// `index.ts` has all of this, with Node's versions of the three functions.

export interface TrainOptions extends PopulationOptions {
  /** The images: a page has no files that a spec could name. */
  readonly data: Split;
}

/**
 * Trains one run, or several side by side that share their mini-batches, in the thread that calls, and yields what happens.
 * After each event the page gets its turn: it can draw, and hear a click that aborts `signal`. Between two events lie at
 * most 20 updates; who needs the page free while they last calls this in a worker of the page's.
 *
 * ```ts
 * for await (const event of train(spec, { data })) if (event.kind === "measured") draw(event.measurement);
 * ```
 * @throws Fault for a wrong spec, data that do not fit it, or an unknown device: what, where and the remedy.
 */
export async function* train(
  specs: SpecInput | readonly SpecInput[],
  { data, ...options }: TrainOptions,
): AsyncGenerator<TrainingEvent, Weights[]> {
  return yield* relayed(trainOn(specs, requireData(data), options), giveTurn);
}

/** The caller may be JavaScript, or code that was written for Node. */
function requireData(data: Split | undefined): Split {
  if (data !== undefined) return data;
  const remedy = "give the images: train(spec, { data: { train, validation, test } })";
  throw new Fault("data", "data", "no images, and a page has no files to read them from", remedy);
}

/**
 * The probability of every class for every image, [images, classes].
 *
 * ```ts
 * const model = await decodeModel(bytes, "model.safetensors");
 * const probabilities = await classify(model, pixels); // pixels: Uint8Array [images, model.dimension]
 * ```
 * @throws Fault `data` for bytes that are no whole images
 */
export async function classify(
  model: Model,
  images: Uint8Array,
  { device: name = "auto" }: { readonly device?: string } = {},
): Promise<Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>> {
  const device = await createDevice(name, name === "reference" ? "f64" : model.dtype);
  try {
    return await classifyOn(model, images, device);
  } finally {
    device.close();
  }
}

/**
 * Compares the hand-derived gradients of a device with numeric ones, for every parameter of small networks.
 *
 * ```ts
 * const { passed, parameters } = await checkGradients({ layers: [2], lambda: [0.1] });
 * ```
 */
export async function checkGradients(options: CheckOptions & { readonly device?: string } = {}) {
  const device = await createDevice(options.device ?? "auto", "f64");
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
export { encodeSafetensors } from "./files/safetensors.ts";
export type { CheckOptions } from "./gradcheck/check.ts";
export type { CheckedNetwork } from "./gradcheck/network.ts";
export type { GradientCheck, Kink, ParameterCheck } from "./gradcheck/verdict.ts";
export { decodeModel } from "./model/decode-model.ts";
export { encodeModel } from "./model/encode-model.ts";
export { decodeModels, encodeEnsemble } from "./model/ensemble-file.ts";
export type { Model } from "./model/model.ts";
export { encodeNpz } from "./model/npz.ts";
export { encodeOnnx } from "./model/onnx.ts";
export { decodeCheckpoint, encodeCheckpoint } from "./record/checkpoint-file.ts";
export type {
  Checkpoint,
  DeviceDescription,
  Divergence,
  Final,
  Measurement,
  Metrics,
  TrainingEvent,
} from "./record/event.ts";
export { fold, type RunState } from "./record/fold.ts";
export { parseSpec } from "./record/parse-spec.ts";
export { decodeRunEvent, type RunEvent } from "./record/run-event.ts";
export { type RunRecord, runRecord } from "./record/run-record.ts";
export type { Spec, SpecInput } from "./record/spec.ts";
export type { Conclusion } from "./search/conclusion.ts";
export type { SearchDocument, SearchInput } from "./search/search-document.ts";
export { createStudy, type Study } from "./search/study.ts";
export type { StudyEvent } from "./search/study-event.ts";
export type { StudyState, Trial } from "./search/study-state.ts";
export { type Outcome, outcome } from "./train/train.ts";
export type { Weights } from "./train/weights.ts";
export { openTrainer } from "./worker/train-in-worker.browser.ts";
export type { ThreadOptions, Trainer } from "./worker/trainer.ts";
