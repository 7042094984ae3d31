import type { Dataset } from "../data/dataset.ts";
import { createNodeDevice } from "../math/select.node.ts";
import { classify } from "../model/classify.ts";
import type { Model } from "../model/model.ts";
import type { Predictions } from "../model/predictions.ts";

/** What a model says of test images. */
export async function testedModel(model: Model, { images, labels }: Dataset): Promise<Predictions> {
  const device = await createNodeDevice("auto", model.dtype);
  try {
    return { classes: model.classes, labels, probabilities: await classify(model, images, device) };
  } finally {
    device.close();
  }
}
