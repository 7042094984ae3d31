import type { Dataset } from "../../src/data/dataset.ts";
import { preprocessing } from "../../src/data/preprocess.ts";
import type { Device, ImageSet, Standardisation, Tensor } from "../../src/math/device.ts";
import { createActivations } from "../../src/nn/activations.ts";
import { createParameters, type Parameters } from "../../src/nn/parameters.ts";
import { createEvaluator, measuredAtOnce } from "../../src/train/evaluate.ts";
import { microsecondsSince, type Work } from "../pipe.ts";
import { batch, classes, dimension, hiddenOf, initialWeights, lambda, rate } from "../work.ts";

// What a training is made of, timed by itself, on the training's own numbers.

const architecture = { members: 1, widths: [dimension, ...hiddenOf.two, classes] };
const [hiddenNodes] = hiddenOf.two;
const evaluated = 10_000; // images

/** One measurement of 10,000 images as a training makes it. */
export function evaluation(device: Device, images: Dataset): Work {
  const { set, standardisation } = resident(device, images);
  const evaluator = createEvaluator(device, architecture, { train: set, standardisation }, []);
  const parameters = initialParameters(device);
  return async (count) => {
    let loss = Number.NaN;
    const began = performance.now();
    for (let i = 0; i < count; i++) {
      const metrics = await evaluator.measure(parameters, set, Float64Array.of(lambda), undefined);
      loss = metrics?.[0].loss ?? Number.NaN;
    }
    return { microseconds: microsecondsSince(began), value: loss };
  };
}

/** The matrix products of that measurement, and nothing else. */
export function evaluationProducts(device: Device, images: Dataset): Work {
  const { W1, b1, W2, b2 } = initialParameters(device);
  const x = firstImages(device, images, measuredAtOnce);
  const activations = createActivations(device, architecture, measuredAtOnce);
  const [hidden] = activations.hidden;
  return repeated(device, activations.scores, (count) => {
    for (let i = 0; i < (count * evaluated) / measuredAtOnce; i++) {
      device.affine(hidden.h, W1, x, b1);
      device.affine(activations.scores, W2, hidden.h, b2);
    }
  });
}

/** S = W1 X + b1, the first big product of a step. */
export function forwardProduct(device: Device, images: Dataset): Work {
  const { W1, b1 } = initialParameters(device);
  const x = firstImages(device, images, batch);
  const s = device.tensor([1, hiddenNodes, batch]);
  return repeated(device, s, (count) => {
    for (let i = 0; i < count; i++) device.affine(s, W1, x, b1);
  });
}

/** W1 <- (1 - 2 eta lambda) W1 - eta dS X^T, the other one. */
export function gradientProduct(device: Device, images: Dataset): Work {
  const { W1 } = initialParameters(device);
  const x = firstImages(device, images, batch);
  const ds = device.tensor([1, hiddenNodes, batch]);
  device.write(ds, noise(ds.size, 1 / batch));
  const into = { target: W1, base: W1, alpha: Float64Array.of(-rate), beta: Float64Array.of(1 - 2 * rate * lambda) };
  return repeated(device, W1, (count) => {
    for (let i = 0; i < count; i++) device.outerProduct(into, ds, x);
  });
}

/** The product of two square matrices of 2048: where a BLAS is at its best. */
export function squareProduct(device: Device): Work {
  const extent = 2048;
  const [a, c] = [0, 1].map(() => device.tensor([1, extent, extent]));
  const b = device.batch(extent, extent); // what the big products of a training multiply with
  device.write(a, noise(a.size, 1));
  device.write(b, noise(b.size, 1));
  const zeros = device.tensor([1, extent, 1]);
  return repeated(device, device.view(c, [1, 1, 1]), (count) => {
    for (let i = 0; i < count; i++) device.affine(c, a, b, zeros);
  });
}

/** Times kernels until their last result has been read. */
function repeated(device: Device, result: Tensor, run: (count: number) => void): Work {
  return async (count) => {
    const began = performance.now();
    run(count);
    const [value] = await device.read(result);
    return { microseconds: microsecondsSince(began), value };
  };
}

function resident(device: Device, train: Dataset): { set: ImageSet; standardisation: Standardisation } {
  const fitted = preprocessing("standardise", train);
  const standardisation = { scale: device.tensor([dimension]), shift: device.tensor([dimension]) };
  device.write(standardisation.scale, fitted.scale);
  device.write(standardisation.shift, fitted.shift);
  return { set: device.upload(train.images, train.labels), standardisation };
}

function firstImages(device: Device, images: Dataset, n: number): Tensor {
  const { set, standardisation } = resident(device, images);
  const x = device.batch(dimension, n);
  const rows = Uint32Array.from({ length: n }, (_, j) => j);
  device.gather(x, device.tensor([1, 1, n]), set, rows, standardisation);
  return x;
}

function initialParameters(device: Device): Parameters {
  const parameters = createParameters(device, architecture);
  const values = initialWeights("two");
  let at = 0;
  for (const tensor of Object.values(parameters)) device.write(tensor, values.subarray(at, (at += tensor.size)));
  return parameters;
}

/** Numbers between -size and size, none of them 0 or denormal. */
function noise(count: number, size: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => size * Math.sin(i + 1));
}
