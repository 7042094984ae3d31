import { Fault } from "../fault/fault.ts";
import { likeliest } from "../model/classify.ts";
import { majorityVote, meanProbabilities } from "../model/ensemble.ts";
import type { KeptRun } from "../record/run-record.ts";
import { wilsonInterval } from "../stats/wilson.ts";
import type { Store } from "../store/store.ts";
import { keptModel } from "./kept-model.ts";
import { requireSameTestImages } from "./same-test-images.ts";
import { testImages } from "./test-images.ts";
import { testedModel } from "./tested-model.ts";

/** An accuracy on `n` test images, with its 95 % interval. */
interface Judged {
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** What models come to, alone and together, on the same test images. */
export interface Ensemble {
  readonly members: readonly ({ readonly run: string } & Judged)[];
  /** The class with the largest mean of the members' probabilities. */
  readonly mean: Judged;
  /** The class that most members hold the likeliest. */
  readonly vote: Judged;
}

/**
 * The models of runs as one.
 * @throws Fault `usage` for fewer than two, and where they have not the same test images, or one has no model; Fault `data` where
 * the images changed
 */
export async function ensembleOf(store: Store, runs: readonly KeptRun[]): Promise<Ensemble> {
  if (runs.length < 2) {
    const complaint = `${runs[0].id} is alone: the others are the same run again`;
    throw new Fault("usage", "--ensemble", complaint, "name runs of other seeds, settings or lengths");
  }
  requireSameTestImages(runs, "--ensemble");
  const test = await testImages(runs[0], "--ensemble");
  const classes = test.classes.length;
  const probabilities: ArrayLike<number>[] = [];
  for (const run of runs) probabilities.push((await testedModel(await keptModel(store, run), test)).probabilities);

  function judged(predicted: readonly number[]): Judged {
    const accuracy = predicted.filter((label, image) => label === test.labels[image]).length / test.count;
    const [low, high] = wilsonInterval(accuracy, test.count);
    return { accuracy, low, high, n: test.count };
  }
  return {
    members: runs.map(({ id }, at) => ({ run: id, ...judged(likeliest(probabilities[at], classes)) })),
    mean: judged(likeliest(meanProbabilities(probabilities), classes)),
    vote: judged(majorityVote(probabilities, classes)),
  };
}
