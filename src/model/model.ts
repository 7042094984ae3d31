import { type Dataset, slice } from "../data/dataset.ts";
import { type Affine, preprocessing } from "../data/preprocess.ts";
import type { Dtype } from "../math/device.ts";
import type { ActivationDescription } from "../nn/activation.ts";
import type { Architecture, BatchNorm } from "../nn/architecture.ts";
import { averageShapes } from "../nn/averages.ts";
import { memberShape, parametersOf } from "../nn/parameters.ts";
import { datasetName } from "../record/dataset-name.ts";
import type { Spec } from "../record/spec.ts";
import { plan } from "../train/plan.ts";
import type { Weights } from "../train/weights.ts";

/** A trained classifier with all that it takes to use it: from the bytes of an image to a class. */
export interface Model {
  readonly name: string;
  /** What it was trained on. */
  readonly dataset: string;
  /** Nodes of each hidden layer; [] is softmax regression. */
  readonly hidden: readonly number[];
  /** Bytes of an image. */
  readonly dimension: number;
  /** How an image's bytes are laid out, where that is known: [channels, height, width]. */
  readonly shape?: ImageShape | undefined;
  readonly classes: readonly string[];
  readonly batchNorm?: BatchNorm | undefined;
  /** What hidden nodes make of their scores; the ReLU where absent. */
  readonly activation?: ActivationDescription | undefined;
  /** Whether every hidden layer but the first adds what it read. */
  readonly residual?: boolean | undefined;
  /** x = byte * scale + shift, fitted on the training images. */
  readonly preprocessing: Affine;
  /** W1, b1, gamma1, beta1, ..., then mean1, variance1, ...: those of `weightShapes`, in its order. */
  readonly weights: Weights;
  /** Precision of the weights, and of the training. */
  readonly dtype: Dtype;
}

type ImageShape = readonly [channels: number, height: number, width: number];

/** What a model is without its numbers. */
export type Outline = Pick<Model, "hidden" | "dimension" | "classes" | "batchNorm" | "activation" | "residual">;

/** What a training left, as a model. @throws Fault `spec` where the spec does not fit the images */
export function modelOf(
  spec: Spec, // parsed
  training: Dataset, // its training images; those beyond `data.limit` are left alone
  weights: Weights,
  dtype: Dtype,
): Model {
  const { dataset, preprocess, limit } = spec.data;
  const train = slice(training, 0, Math.min(training.count, limit.train ?? training.count));
  const { batchNorm, activation, residual } = plan(
    [spec],
    { train, validation: train, test: train },
    dtype,
  ).architecture;
  const { dimension, classes } = train;
  const { hidden } = spec.network;
  const form = { batchNorm, ...(activation && { activation }), ...(residual && { residual }) };
  const names = weightShapes({ hidden, dimension, classes, ...form }).map(([name]) => name);
  return {
    name: spec.name,
    dataset: datasetName(dataset),
    hidden,
    dimension,
    shape: train.shape,
    classes,
    ...form,
    preprocessing: preprocessing(preprocess, train),
    weights: Object.fromEntries(names.map((name) => [name, weights[name]])),
    dtype,
  };
}

/** Its network, as a population of one. */
export function architectureOf({ hidden, dimension, classes, batchNorm, activation, residual }: Outline): Architecture {
  return { members: 1, widths: [dimension, ...hidden, classes.length], batchNorm, activation, residual };
}

/** Name and shape of everything it learned: the parameters, then the averages of the layers that are normalised. */
export function weightShapes(outline: Outline): [name: string, shape: number[]][] {
  const architecture = architectureOf(outline);
  const parameters = parametersOf(architecture).map((parameter): [string, number[]] => [
    parameter.name,
    memberShape(parameter),
  ]);
  return [...parameters, ...averageShapes(architecture)];
}

/** Numbers of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}
