import { encode } from "fast-png";
import type { Dataset } from "../data/dataset.ts";
import { Fault } from "../fault/fault.ts";
import { keptModel } from "../lab/kept-model.ts";
import { createNodeDevice } from "../math/select.node.ts";
import { classify } from "../model/classify.ts";
import { confusionCounts, surestMistakes, truthProbabilities, type WrongImage } from "../model/predictions.ts";
import type { KeptRun } from "../record/run-record.ts";
import type { Store } from "../store/store.ts";
import { datasetFiles, loadSplit } from "../train/split.node.ts";

/** What a trained network says of the test images. */
export interface TestAnswers {
  readonly classes: readonly string[];
  /** [right class][answer]: how many images. */
  readonly confusion: readonly (readonly number[])[];
  /** What the right class was given, image by image: of those that are answered right, and of the others. */
  readonly right: readonly number[];
  readonly wrong: readonly number[];
  /** The wrong answers given with the highest probability, surest first. */
  readonly surestWrong: readonly WrongImage[];
  /** Whether the images can be shown as pictures. */
  readonly isPictured: boolean;
}

const mostShown = 24;

/** @throws Fault `store` where the run has left no model */
export async function testAnswers(store: Store, run: KeptRun, test: Dataset): Promise<TestAnswers> {
  const model = await keptModel(store, run);
  const device = await createNodeDevice("auto", model.dtype);
  try {
    const probabilities = await classify(model, test.images.subarray(0, test.count * test.dimension), device);
    const { classes } = model;
    const predictions = { classes, probabilities, labels: test.labels.subarray(0, test.count) };
    return {
      classes,
      confusion: confusionCounts(predictions),
      ...truthProbabilities(predictions),
      surestWrong: surestMistakes(predictions, mostShown),
      isPictured: test.shape !== undefined,
    };
  } finally {
    device.close();
  }
}

/** A test image as a PNG; undefined where there is none in that place, or it is no picture. */
export function testPicture(test: Dataset, image: number): Uint8Array | undefined {
  const { images, count, dimension, shape } = test;
  const [channels, height, width] = shape ?? [];
  if (image >= count || height === undefined || width === undefined) return undefined;
  if (channels !== 1 && channels !== 3) return undefined;
  const plane = height * width;
  const planes = images.subarray(image * dimension, (image + 1) * dimension);
  const data = Uint8Array.from(
    { length: dimension },
    (_, at) => planes[(at % channels) * plane + Math.floor(at / channels)],
  );
  return encode({ width, height, data, channels, depth: 8 });
}

/** The images that a run is tested on. @throws Fault `data` where there are none, or they have changed */
export async function testImages(run: KeptRun): Promise<Dataset> {
  const filesNow = JSON.stringify(await datasetFiles(run.spec.data));
  if (filesNow !== JSON.stringify(run.data)) {
    const complaint = "its data are not what it was trained on any more";
    throw new Fault("data", run.id, complaint, "put the files back as they were");
  }
  const { test } = await loadSplit(run.spec);
  const count = Math.min(test.count, run.spec.data.limit.test ?? test.count);
  if (count === 0) throw new Fault("data", run.id, "it has no test images", "give its spec data.dataset.test");
  return { ...test, count };
}
