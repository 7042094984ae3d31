import type { Affine } from "../data/preprocess.ts";
import type { Dtype } from "../math/device.ts";
import type { ActivationDescription } from "../nn/activation.ts";
import type { Architecture, BatchNorm } from "../nn/architecture.ts";
import { averageShapes } from "../nn/averages.ts";
import { memberShape, parametersOf } from "../nn/parameters.ts";
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
