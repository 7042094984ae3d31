import { type Dataset, slice } from "../data/dataset.ts";
import { preprocessing } from "../data/preprocess.ts";
import type { Dtype } from "../math/device.ts";
import { datasetName } from "../record/dataset-name.ts";
import type { Spec } from "../record/spec.ts";
import { plan } from "../train/plan.ts";
import type { Weights } from "../train/weights.ts";
import { type Model, weightShapes } from "./model.ts";

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
