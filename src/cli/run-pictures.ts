import { keptModel } from "../lab/kept-model.ts";
import { testImages } from "../lab/test-images.ts";
import { testedModel } from "../lab/tested-model.ts";
import type { KeptRun } from "../record/run-record.ts";
import type { ReportFigure } from "../report/report-figures.ts";
import {
  classesFigure,
  confusionFigure,
  mistakesFigure,
  probabilitiesFigure,
  templatesFigure,
} from "../report/run-pictures.ts";
import type { Store } from "../store/store.ts";

/** What a run has learned, as pictures: those that its model and its images allow. */
export async function runPictures(store: Store, run: KeptRun, prefix: string): Promise<readonly ReportFigure[]> {
  if (run.model === undefined) return [];
  const model = await keptModel(store, run);
  const about = { spec: run.spec, prefix };
  const [channels] = model.shape ?? [0];
  const shape = channels === 1 || channels === 3 ? model.shape : undefined;
  const templates =
    shape === undefined
      ? []
      : [templatesFigure({ ...about, weights: model.weights.W1, shape, classes: model.classes })];
  if (!run.spec.evaluate.test || run.training?.examples.test === 0) return templates;
  const test = await testImages(run, "report");
  const tested = { ...about, predictions: await testedModel(model, test), images: test.images, shape };
  return [
    ...templates,
    confusionFigure(tested),
    classesFigure(tested),
    probabilitiesFigure(tested),
    ...[mistakesFigure(tested)].filter((figure) => figure !== undefined),
  ];
}
