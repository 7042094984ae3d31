import { Fault } from "../fault/fault.ts";
import { limits } from "../files/limits.ts";
import { inColour, inGrey } from "../files/picture.ts";
import { openPictureReader, type PictureReader } from "../files/picture-reader.node.ts";
import { readWhole } from "../files/read-whole.node.ts";
import { createNodeDevice, nodeDevices } from "../math/select.node.ts";
import { classify, likeliest } from "../model/classify.ts";
import type { Model } from "../model/model.ts";
import type { TextTable } from "../report/text-table.ts";
import { conclude, createConsole } from "./console.ts";
import { findModel } from "./find-model.ts";

interface PredictOptions {
  readonly device: string;
  /** Whether pictures of another size are brought to the model's. */
  readonly resize?: boolean;
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
}

/** Classes that the table shows of each image. */
const SHOWN = 3;

/** `gradus predict MODEL|RUN IMAGE...` */
export async function predictCommand(
  reference: string,
  files: readonly string[],
  options: PredictOptions,
): Promise<void> {
  const console = createConsole(options);
  const model = await findModel(reference);
  const { name, dataset, dtype, classes } = model;
  const images = await readImages(files, model, options.resize ?? false);

  // In the precision it was trained in, where the device has it.
  const named = nodeDevices.find((known) => known.name === options.device);
  const device = await createNodeDevice(options.device, named?.dtypes.includes(dtype) === false ? undefined : dtype);
  let probabilities: ArrayLike<number>;
  try {
    probabilities = await classify(model, images, device);
  } finally {
    device.close();
  }
  const labels = likeliest(probabilities, classes.length);
  const predictions = files.map((image, index): Prediction => {
    const own = Array.from(classes, (_, k) => probabilities[index * classes.length + k]);
    if (!own.every(Number.isFinite)) {
      const remedy = "train the model again, with a lower rate or a larger network.batchNorm.eps";
      throw new Fault("data", reference, `it gives no probabilities for ${image}: numbers left the finite`, remedy);
    }
    const label = labels[index];
    return { image, class: classes[label], label, probabilities: own };
  });
  console.table(table(model, predictions));
  const described = { name: device.name, dtype: device.dtype, details: device.details };
  conclude(console, { model: { name, dataset, dtype, classes }, device: described, predictions }, undefined);
}

async function readImages(files: readonly string[], model: Model, isResized: boolean): Promise<Uint8Array> {
  const images = new Uint8Array(files.length * model.dimension);
  const reader = openPictureReader();
  try {
    for (const [index, file] of files.entries()) {
      images.set(await readImage(file, model, isResized, reader), index * model.dimension);
    }
  } finally {
    await reader.close();
  }
  return images;
}

/** The bytes of a picture in the model's size and colours. Grey stored as colour counts as grey, and grey serves as colour. */
async function readImage(
  file: string,
  { shape, dimension }: Model,
  isResized: boolean,
  reader: PictureReader,
): Promise<Uint8Array> {
  if (isResized && shape === undefined) {
    const remedy = "give pictures of as many bytes, and leave out --resize";
    throw new Fault("usage", "--resize", `the model takes ${dimension} bytes, and does not say of what size`, remedy);
  }
  const size = isResized && shape !== undefined ? ([shape[1], shape[2]] as const) : undefined;
  const bytes = await readWhole(file, limits.pictureBytes);
  const stored = await reader.read(bytes, file, size ?? undefined);
  const picture = (shape?.[0] === 1 ? inGrey(stored) : shape?.[0] === 3 ? inColour(stored) : undefined) ?? stored;
  const { width, height, channels, planes } = picture;
  const colours = (count: number) => (count === 1 ? "grey" : count === 3 ? "RGB" : `${count} colours`);
  const description = `${width} x ${height} pixels, ${colours(channels)}`;
  if (shape === undefined ? planes.length === dimension : [channels, height, width].join() === shape.join())
    return planes;
  const wanted = shape === undefined ? `${dimension} bytes` : `${shape[2]} x ${shape[1]} pixels, ${colours(shape[0])}`;
  const isOtherSize = shape !== undefined && (width !== shape[2] || height !== shape[1]);
  const remedy = `give a picture of ${wanted}${isOtherSize ? ", or have it resized: --resize" : ""}`;
  throw new Fault("data", file, `${description}; the model takes ${wanted}`, remedy);
}

function table({ name, dataset, classes }: Model, predictions: readonly Prediction[]): TextTable {
  const shown = Math.min(SHOWN, classes.length);
  const ordinals = ["first", "second", "third"].slice(0, shown);
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
        rows: predictions.map(({ image, probabilities }) => {
          const order = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]).slice(0, shown);
          return { cells: [image, ...order.flatMap((label) => [classes[label], percent(probabilities[label])])] };
        }),
      },
    ],
    notes: [],
    explanations: [],
  };
}
