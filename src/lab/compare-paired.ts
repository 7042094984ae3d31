import type { Dataset } from "../data/dataset.ts";
import { Fault } from "../fault/fault.ts";
import { likeliest } from "../model/classify.ts";
import type { KeptRun } from "../record/run-record.ts";
import { type PairedDifference, pairedDifference } from "../stats/paired-accuracy.ts";
import type { Store } from "../store/store.ts";
import { keptModel } from "./kept-model.ts";
import { requireSameTestImages } from "./same-test-images.ts";
import { testImages } from "./test-images.ts";
import { testedModel } from "./tested-model.ts";

/** A run's model against another's. */
export interface Paired {
  readonly run: string;
  readonly comparison: PairedDifference;
}

/**
 * The models of runs against that of the first, on the test images of their data.
 * @throws Fault `usage` where they have not the same test images, or one has no model; Fault `data` where the images changed
 */
export async function comparePaired(store: Store, runs: readonly KeptRun[]): Promise<Paired[]> {
  const [first, ...others] = runs;
  if (others.length === 0) {
    const complaint = `${first.id} has nothing to be compared with: the others are the same run again`;
    throw new Fault("usage", "--paired", complaint, "name runs of other settings or other seeds");
  }
  requireSameTestImages(runs, "--paired");
  const test = await testImages(first, "--paired");
  const right = async (run: KeptRun) => await whichRight(store, run, test);
  const flags = await right(first);
  const paired: Paired[] = [];
  for (const run of others) paired.push({ run: run.id, comparison: pairedDifference(flags, await right(run)) });
  return paired;
}

async function whichRight(store: Store, run: KeptRun, test: Dataset): Promise<boolean[]> {
  const { classes, labels, probabilities } = await testedModel(await keptModel(store, run), test);
  const predicted = likeliest(probabilities, classes.length);
  return Array.from(labels, (label, image) => predicted[image] === label);
}
