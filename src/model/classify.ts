import { Fault } from "../fault/fault.ts";
import type { Device } from "../math/device.ts";
import { createActivations, viewActivations } from "../nn/activations.ts";
import { mlpForward } from "../nn/mlp.ts";
import { parameterNamed } from "../nn/parameters.ts";
import { populationStatistics } from "../nn/population-statistics.ts";
import { measuredAtOnce } from "../train/evaluate.ts";
import { architectureOf, type Model } from "./model.ts";

/**
 * The probability of every class for every image, [n, classes], in the device's precision; the sum of a row is 1.
 * The device keeps the memory this took until it is closed.
 * @throws Fault `data` for bytes that are no whole images
 */
export async function classify(
  model: Model,
  images: Uint8Array, // [n, dimension]
  device: Device,
): Promise<Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>> {
  const { dimension, classes } = model;
  const count = images.length / dimension;
  if (!Number.isInteger(count)) {
    const complaint = `${images.length} bytes are no whole number of images of ${dimension} bytes`;
    throw new Fault("data", "images", complaint, `give ${dimension} bytes an image`);
  }
  const result = new (device.dtype === "f32" ? Float32Array : Float64Array)(count * classes.length);
  if (count === 0) return result;
  if (count === 1 && model.batchNorm?.statistics === "adaptive") {
    const complaint =
      "one image is its own mean, and this model normalises images by the statistics of all that it is given";
    throw new Fault("data", "images", complaint, "give two images or more, of the kind that it shall be used for");
  }

  const architecture = architectureOf(model);
  const { parameters, averages, standardisation } = onDevice(model, device);
  const resident = device.upload(images, new Uint8Array(count));
  const most = Math.min(count, measuredAtOnce);
  const x = device.batch(dimension, most, "measure");
  const labels = device.tensor([1, 1, most]);
  const activations = createActivations(device, architecture, most);
  const tally = device.tally(1, 2); // of labels that nobody gave
  const load = (from: number, n: number) => {
    const rows = Uint32Array.from({ length: n }, (_, j) => from + j);
    const [xs, ys] = [device.view(x, [1, dimension, n]), device.view(labels, [1, 1, n])];
    device.gather(xs, ys, resident, rows, standardisation);
    return { x: xs, labels: ys, activations: viewActivations(device, activations, n) };
  };
  if (model.batchNorm?.statistics === "adaptive") {
    const parts = { total: count, atOnce: most, load };
    populationStatistics(device, architecture, averages, parameters, parts);
  }
  for (let from = 0; from < count; from += most) {
    const n = Math.min(most, count - from);
    const part = load(from, n);
    mlpForward(device, architecture, part.activations, tally, parameters, part.x, part.labels, { averages });
    const probabilities = await device.read(part.activations.probabilities); // [1, classes, n]
    for (let k = 0; k < classes.length; k++) {
      for (let j = 0; j < n; j++) result[(from + j) * classes.length + k] = probabilities[k * n + j];
    }
  }
  return result;
}

/** The likeliest class of each image; of equal ones the first. */
export function likeliest(probabilities: ArrayLike<number>, classes: number): number[] {
  return Array.from({ length: probabilities.length / classes }, (_, image) => {
    let best = image * classes;
    for (let at = best + 1; at < (image + 1) * classes; at++) if (probabilities[at] > probabilities[best]) best = at;
    return best - image * classes;
  });
}

/** The model's numbers where the device has them. */
function onDevice(model: Model, device: Device) {
  const { weights, hidden, dimension, preprocessing } = model;
  const written = (shape: readonly number[], values: ArrayLike<number>) => {
    const tensor = device.tensor(shape);
    device.write(tensor, values);
    return tensor;
  };
  const column = (name: string) => written([1, weights[name].shape[0], 1], weights[name].values);
  const parameters = Object.fromEntries(
    Object.keys(weights)
      .filter((name) => parameterNamed(name) !== undefined)
      .map((name) => {
        const { shape, values } = weights[name];
        return [name, shape.length === 2 ? written([1, ...shape], values) : column(name)];
      }),
  );
  const averages = hidden.map((_, index) => {
    const layer = index + 1;
    if (weights[`mean${layer}`] === undefined) return undefined;
    return { mean: column(`mean${layer}`), variance: column(`variance${layer}`) };
  });
  const standardisation = {
    scale: written([dimension], preprocessing.scale),
    shift: written([dimension], preprocessing.shift),
  };
  return { parameters, averages, standardisation };
}
