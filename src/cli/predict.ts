import { Fault } from "../fault/fault.ts";
import type { PictureReader } from "../files/picture.ts";
import { isPictureName } from "../files/picture-name.ts";
import { openPictureReader } from "../files/picture-reader.node.ts";
import { createNodeDevice, nodeDevices } from "../math/select.node.ts";
import { classify, likeliest } from "../model/classify.ts";
import { majorityVote, meanProbabilities } from "../model/ensemble.ts";
import type { Model } from "../model/model.ts";
import { csv } from "../report/csv.ts";
import type { TextTable } from "../report/text-table.ts";
import type { ModelOptions } from "./arrays-model.ts";
import { type Console, conclude, createConsole } from "./console.ts";
import { findModels } from "./find-model.ts";
import { allImages, imagesToClassify, testImagesOf } from "./images-to-classify.ts";
import { checkOutputs, writeOutput } from "./output-file.ts";

interface PredictOptions extends ModelOptions {
  readonly device: string;
  /** Whether pictures of another size are brought to the model's. */
  readonly resize?: boolean;
  readonly range?: readonly [from: number, to: number];
  /** Numbers of images of the run's test set. */
  readonly testImage?: readonly number[];
  /** Whether an ensemble decides by majority. */
  readonly vote?: boolean;
  /** A CSV of all predictions. */
  readonly out?: string;
  readonly json?: boolean;
}

/** What a model says of one image. */
interface Prediction {
  readonly image: string;
  /** The likeliest class and its number. */
  readonly class: string;
  readonly label: number;
  /** Of every class, in their order. */
  readonly probabilities: readonly number[];
  /** The class that a folder or data file says it has. */
  readonly actual?: string;
}

/** Images that the table shows; of more, the first. */
const ROWS = 100;
/** Classes that the table shows of each image. */
const SHOWN = 3;

/** `gradus predict MODEL|RUN IMAGE...` */
export async function predictCommand(
  reference: string,
  files: readonly string[],
  options: PredictOptions,
): Promise<void> {
  const console = createConsole(options);
  await checkOutputs([{ flag: "--out", file: options.out, endings: [".csv"] }]);
  if (files.length === 0 && options.testImage === undefined) {
    throw new Fault("usage", "image", "none is named", "name pictures or data files, or give --test-image 0..9");
  }
  // Its thread starts while the model is read.
  const reader = files.some(isPictureName) ? openPictureReader() : undefined;
  try {
    await predict(reference, files, options, console, reader);
  } finally {
    await reader?.close();
  }
}

async function predict(
  reference: string,
  files: readonly string[],
  options: PredictOptions,
  console: Console,
  reader: PictureReader | undefined,
): Promise<void> {
  const models = await findModels(reference, options);
  const model = models.length === 1 ? models[0] : { ...models[0], name: `an ensemble of ${models.length} models` };
  const { name, dataset, dtype, classes } = model;
  if (options.vote && models.length === 1) {
    const remedy = "leave it out, or name a file that `gradus export --ensemble` wrote";
    throw new Fault("usage", "--vote", `${reference} is one model, and has nobody to vote with`, remedy);
  }
  const { resize: isResized = false, range, testImage } = options;
  const read = async () =>
    allImages([
      ...(testImage === undefined ? [] : [await testImagesOf(reference, testImage)]),
      await imagesToClassify(files, model, { isResized, range }, reader),
    ]);
  // In the precision it was trained in, where the device has it.
  const knownDevice = nodeDevices.find((known) => known.name === options.device);
  const precision = knownDevice?.dtypes.includes(dtype) === false ? undefined : dtype;
  // The device is made while pictures are decoded.
  const [imagesRead, made] = await Promise.allSettled([read(), createNodeDevice(options.device, precision)]);
  if (imagesRead.status === "rejected") {
    if (made.status === "fulfilled") made.value.close();
    throw imagesRead.reason;
  }
  if (made.status === "rejected") throw made.reason;
  const device = made.value;
  const { names, labels: actual, images } = imagesRead.value;
  const ofModels: ArrayLike<number>[] = [];
  try {
    for (const member of models) ofModels.push(await classify(member, images, device));
  } finally {
    device.close();
  }
  const probabilities = models.length === 1 ? ofModels[0] : meanProbabilities(ofModels);
  const labels = options.vote ? majorityVote(ofModels, classes.length) : likeliest(probabilities, classes.length);
  const predictions = names.map((image, index): Prediction => {
    const imageProbabilities = Array.from(classes, (_, k) => probabilities[index * classes.length + k]);
    if (!imageProbabilities.every(Number.isFinite)) {
      const remedy = "train the model again, with a lower rate or a larger network.batchNorm.eps";
      throw new Fault("data", reference, `it gives no probabilities for ${image}: numbers left the finite`, remedy);
    }
    const label = labels[index];
    const known = actual[index];
    return {
      image,
      class: classes[label],
      label,
      probabilities: imageProbabilities,
      ...(known === undefined ? {} : { actual: known }),
    };
  });
  if (options.out !== undefined) await writeOutput("--out", options.out, asCsv(model, predictions));
  console.table(table(model, predictions));
  const described = { name: device.name, dtype: device.dtype, details: device.details };
  const members = models.length === 1 ? {} : { models: models.length };
  conclude(
    console,
    { model: { name, dataset, dtype, classes, ...members }, device: described, predictions },
    undefined,
  );
}

/** A row an image, with the probability of every class. */
function asCsv({ classes }: Model, predictions: readonly Prediction[]): string {
  const rows = predictions.map((prediction) => {
    const { image, label, actual = "", probabilities } = prediction;
    return [image, prediction.class, label, actual, ...probabilities];
  });
  return csv([["image", "class", "label", "actual", ...classes.map((name) => `p(${name})`)], ...rows]);
}

function table({ name, dataset, classes }: Model, predictions: readonly Prediction[]): TextTable {
  const count = Math.min(SHOWN, classes.length);
  const ordinals = ["first", "second", "third"].slice(0, count);
  const percent = (probability: number) => `${(100 * probability).toFixed(1)} %`;
  return {
    caption: `What ${name} (trained on ${dataset}) makes of ${predictions.length === 1 ? "the image" : `${predictions.length} images`}`,
    columns: [
      { header: "image", kind: "text" },
      ...ordinals.flatMap((header) => [
        { header, kind: "text" } as const,
        { header: "probability", kind: "number" } as const,
      ]),
    ],
    groups: [
      {
        rows: predictions.slice(0, ROWS).map(({ image, probabilities }) => {
          const order = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]).slice(0, count);
          return { cells: [image, ...order.flatMap((label) => [classes[label], percent(probabilities[label])])] };
        }),
      },
    ],
    notes: [
      ...(predictions.length > ROWS
        ? [`${predictions.length - ROWS} more are not shown; --out FILE.csv has all.`]
        : []),
      ...agreement(predictions),
    ],
    explanations: [],
  };
}

/** How many of the images whose class is known were given it. */
function agreement(predictions: readonly Prediction[]): string[] {
  const known = predictions.filter(({ actual }) => actual !== undefined);
  if (known.length === 0) return [];
  const right = known.filter((prediction) => prediction.class === prediction.actual).length;
  return [`${right} of ${known.length} are given the class that they have.`];
}
