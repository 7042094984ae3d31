import type { Dataset } from "../data/dataset.ts";
import { largestOf } from "../math/extremes.ts";
import { createNodeDevice } from "../math/select.node.ts";
import { classify, likeliest } from "../model/classify.ts";
import { decodeModel } from "../model/decode-model.ts";
import { bestOfRuns, isNearBest } from "../search/judged.ts";
import type { StudyEvent } from "../search/study-event.ts";
import { packed } from "../search/study-state.ts";
import { loadSplit } from "../train/split.node.ts";
import type { KeptStudy } from "./kept-studies.ts";
import type { KeptTraining } from "./train-and-keep.ts";
import type { TrialTask } from "./trial-tasks.ts";

/**
 * Looks which validation images the runs of a population have right, of those near the best: from that the set of settings that
 * cannot be told apart knows what they owe to the images. Of a search with one seed, or with folds, nothing is looked at.
 */
export type Judge = (
  study: KeptStudy,
  tasks: readonly TrialTask[],
  trainings: readonly KeptTraining[],
) => Promise<Extract<StudyEvent, { kind: "judged" }>[]>;

/** Whether the models of a study's runs are asked about single images. */
export function looksAtImages({ state: { document }, replicates }: KeptStudy): boolean {
  return document.seeds > 1 && document.folds === undefined && !document.carry && replicates === undefined;
}

export function createJudge(): Judge {
  let validation: Dataset | undefined;
  return async (study, tasks, trainings) => {
    if (!looksAtImages(study)) return [];
    const accuracies = trainings.map((training) => training.document.final.validation.accuracy);
    const best = largestOf([bestOfRuns(study.state), ...accuracies.filter(Number.isFinite)]);
    const judged: Extract<StudyEvent, { kind: "judged" }>[] = [];
    for (const [member, { model, document: run }] of trainings.entries()) {
      const images = run.examples.validation;
      if (model === undefined || !isNearBest(accuracies[member], best, images)) continue;
      validation ??= (await loadSplit(run.spec)).validation;
      const right = await whichRight(model, run.device.name, validation, images);
      const {
        trials: [trial],
        seed,
      } = tasks[member];
      judged.push({ kind: "judged", trial: trial.number, seed, images, right: packed(right) });
    }
    return judged;
  };
}

async function whichRight(
  bytes: Uint8Array,
  deviceName: string,
  { images, labels, dimension }: Dataset,
  count: number,
): Promise<boolean[]> {
  const model = await decodeModel(bytes, "a trial's model");
  const device = await createNodeDevice(deviceName, model.dtype);
  try {
    const probabilities = await classify(model, images.subarray(0, count * dimension), device);
    const likely = likeliest(probabilities, model.classes.length);
    return Array.from(labels.subarray(0, count), (label, image) => likely[image] === label);
  } finally {
    device.close();
  }
}
