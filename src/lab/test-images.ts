import type { Dataset } from "../data/dataset.ts";
import { slice } from "../data/dataset.ts";
import { Fault } from "../fault/fault.ts";
import type { KeptRun } from "../record/run-record.ts";
import { datasetFiles, loadSplit } from "../train/split.node.ts";
import { fetchOnFirstUse } from "./first-use.ts";

/**
 * The images that a run is tested on, as it was trained.
 * @throws Fault `data` where its data have changed since or are not there; Fault `usage`, at `place`, where it has no test images
 */
export async function testImages({ id, spec, data }: KeptRun, place: string): Promise<Dataset> {
  if (JSON.stringify(await datasetFiles(spec.data)) !== JSON.stringify(data)) {
    const complaint = "its data are not what it was trained on any more";
    throw new Fault("data", id, complaint, "put the files back as they were");
  }
  await fetchOnFirstUse(spec.data);
  const { test } = await loadSplit(spec);
  const count = Math.min(test.count, spec.data.limit.test ?? test.count);
  if (count === 0) throw new Fault("usage", place, `${id} has no test images`, "give its spec data.dataset.test");
  return slice(test, 0, count);
}
