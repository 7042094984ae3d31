import { Fault } from "../fault/fault.ts";
import { createNodeDevice } from "../math/select.node.ts";
import { classify, likeliest } from "../model/classify.ts";
import type { KeptRun } from "../record/run-record.ts";
import { type PairedDifference, pairedDifference } from "../stats/paired-accuracy.ts";
import type { Store } from "../store/store.ts";
import { datasetFiles, loadSplit } from "../train/split.node.ts";
import { fetchOnFirstUse } from "./first-use.ts";
import { keptModel } from "./kept-model.ts";

/** A run's model against another's. */
export interface Paired {
  readonly run: string;
  readonly found: PairedDifference;
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
  const stranger = others.find((run) => testImages(run) !== testImages(first));
  if (stranger !== undefined) {
    const complaint = `${stranger.id} is not tested on the images of ${first.id}`;
    throw new Fault("usage", "--paired", complaint, "compare runs with the same data.dataset and data.limit.test");
  }
  const filesNow = JSON.stringify(await datasetFiles(first.spec.data));
  if (filesNow !== JSON.stringify(first.data)) {
    throw new Fault(
      "data",
      first.id,
      "its data are not what it was trained on any more",
      "put the files back as they were",
    );
  }
  await fetchOnFirstUse(first.spec.data);
  const { test } = await loadSplit(first.spec);
  const count = Math.min(test.count, first.spec.data.limit.test ?? test.count);
  if (count === 0)
    throw new Fault("usage", "--paired", "the runs have no test images", "give their specs data.dataset.test");
  const images = test.images.subarray(0, count * test.dimension);
  const right = async (run: KeptRun) => await whichRight(store, run, images, test.labels.subarray(0, count));
  const flags = await right(first);
  const paired: Paired[] = [];
  for (const run of others) paired.push({ run: run.id, found: pairedDifference(flags, await right(run)) });
  return paired;
}

/** What decides which images a run is tested on. */
function testImages({ spec: { data } }: KeptRun): string {
  return JSON.stringify([data.dataset, data.limit.test]);
}

async function whichRight(store: Store, run: KeptRun, images: Uint8Array, labels: Uint8Array): Promise<boolean[]> {
  const model = await keptModel(store, run);
  const device = await createNodeDevice("auto", model.dtype);
  try {
    const probabilities = await classify(model, images, device);
    const predicted = likeliest(probabilities, model.classes.length);
    return Array.from(labels, (label, image) => predicted[image] === label);
  } finally {
    device.close();
  }
}
