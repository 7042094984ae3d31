import { encode } from "fast-png";
import type { Dataset } from "../data/dataset.ts";
import { Fault } from "../fault/fault.ts";
import { keptModel } from "../lab/kept-model.ts";
import { createNodeDevice } from "../math/select.node.ts";
import { classify, likeliest } from "../model/classify.ts";
import type { KeptRun } from "../record/run-record.ts";
import type { Store } from "../store/store.ts";
import { datasetFiles, loadSplit } from "../train/split.node.ts";

/** What a trained network says of the test images. */
export interface TestAnswers {
  readonly classes: readonly string[];
  /** [right class][answer]: how many images. */
  readonly confusion: readonly (readonly number[])[];
  /** Images whose probability of the right class is in each twentieth of 0 to 1. */
  readonly histogram: readonly number[];
  /** The wrong answers given with the highest probability, surest first. */
  readonly surestWrong: readonly WrongAnswer[];
  /** Whether the images can be shown as pictures. */
  readonly isPictured: boolean;
}

interface WrongAnswer {
  /** Its place among the test images. */
  readonly image: number;
  readonly label: number;
  readonly answer: number;
  /** Of the answer, and of the right class. */
  readonly probability: number;
  readonly right: number;
}

const bins = 20;
const mostShown = 24;

/** @throws Fault `store` where the run has left no model */
export async function testAnswers(store: Store, run: KeptRun, test: Dataset): Promise<TestAnswers> {
  const model = await keptModel(store, run);
  const device = await createNodeDevice("auto", model.dtype);
  try {
    const probabilities = await classify(model, test.images.subarray(0, test.count * test.dimension), device);
    return answersOf(probabilities, test.labels.subarray(0, test.count), model.classes, test.shape !== undefined);
  } finally {
    device.close();
  }
}

/** @param probabilities [n, classes] */
export function answersOf(
  probabilities: ArrayLike<number>,
  labels: Uint8Array,
  classes: readonly string[],
  isPictured: boolean,
): TestAnswers {
  const count = classes.length;
  const answers = likeliest(probabilities, count);
  const confusion = classes.map(() => classes.map(() => 0));
  const histogram = Array.from({ length: bins }, () => 0);
  const wrong: WrongAnswer[] = [];
  for (const [image, answer] of answers.entries()) {
    const label = labels[image];
    const right = probabilities[image * count + label];
    confusion[label][answer] += 1;
    histogram[Math.min(bins - 1, Math.floor(right * bins))] += 1;
    const probability = probabilities[image * count + answer];
    if (answer !== label) wrong.push({ image, label, answer, probability, right });
  }
  const surestWrong = wrong.sort((a, b) => b.probability - a.probability || a.image - b.image).slice(0, mostShown);
  return { classes, confusion, histogram, surestWrong, isPictured };
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
