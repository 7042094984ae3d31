import { type CheckOptions, checkGradients as checkOn } from "./gradcheck/check.ts";
import { fetchOnFirstUse } from "./lab/first-use.ts";
import { createNodeDevice } from "./math/select.node.ts";
import { classify as classifyOn } from "./model/classify.ts";
import type { Model } from "./model/model.ts";
import type { TrainingEvent } from "./record/event.ts";
import { parseSpec } from "./record/parse-spec.ts";
import type { SpecInput } from "./record/spec.ts";
import type { Weights } from "./train/weights.ts";
import { trainInThread } from "./worker/train-in-thread.node.ts";
import type { ThreadOptions as TrainOptions } from "./worker/trainer.ts";

/**
 * Trains one run, or several side by side that share their mini-batches, in a thread of its own, and yields what happens.
 * Without `data` it reads the images that the spec names: CIFAR-10, downloaded on first use, or files.
 *
 * ```ts
 * const training = train({ training: { epochs: 1, schedule: { kind: "constant", rate: 0.01 } } });
 * for await (const event of training) if (event.kind === "measured") console.log(event.measurement);
 * ```
 * @throws Fault for a wrong spec, missing data or an unknown device: what, where and the remedy.
 */
export async function* train(
  specs: SpecInput | readonly SpecInput[],
  options: TrainOptions = {},
): AsyncGenerator<TrainingEvent, Weights[]> {
  if (options.data === undefined) {
    const [first] = Array.isArray(specs) ? specs : [specs];
    const { data } = parseSpec(first);
    await fetchOnFirstUse(data, { signal: options.signal });
  }
  return yield* trainInThread(specs, options);
}

/**
 * The probability of every class for every image, [images, classes].
 *
 * ```ts
 * const model = await decodeModel(await readFile("model.safetensors"), "model.safetensors");
 * const probabilities = await classify(model, pixels); // pixels: Uint8Array [images, model.dimension]
 * ```
 * @throws Fault `data` for bytes that are no whole images
 */
export async function classify(
  model: Model,
  images: Uint8Array,
  { device: name = "auto" }: { readonly device?: string } = {},
): Promise<Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>> {
  const device = await createNodeDevice(name, name === "reference" ? "f64" : model.dtype);
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
  const device = await createNodeDevice(options.device ?? "auto", "f64");
  try {
    return await checkOn(device, options);
  } finally {
    device.close();
  }
}

// What the declarations of this package and of its dependencies name and only `lib: dom` or @types/node declares. An
// empty interface merges with theirs, and stands in for it where a project has neither.
declare global {
  interface AbortSignal {}
  interface URL {}
  namespace WebAssembly {
    interface Memory {}
    interface Module {}
  }
}

// All that a page has too; what is declared here comes before what has its name there.
export * from "./browser.ts";
export { readDataset } from "./data/formats/read-dataset.node.ts";
export { findRun, readRun } from "./lab/kept-runs.ts";
export { listRuns } from "./lab/list-runs.ts";
export { forkedRun, resumedRun } from "./lab/resume.ts";
export {
  type KeptTraining,
  type NewRun,
  type ResumedRun,
  type TrainingOptions,
  trainAndKeep,
} from "./lab/train-and-keep.ts";
export type { Maintenance } from "./store/maintenance.ts";
export { openStore } from "./store/open-store.node.ts";
export type { Store } from "./store/store.ts";
export { loadSplit } from "./train/split.node.ts";
export { openTrainer } from "./worker/train-in-thread.node.ts";
export type { TrainOptions };
