import type { Dataset } from "../data/dataset.ts";
import { membersNeeded, type Split, type SplitDescription, type SplitLayout, split } from "../data/splits.ts";
import { united } from "../data/unite.ts";
import { Fault } from "../fault/fault.ts";
import type { Spec } from "../record/spec.ts";

/** The keys of `data.dataset` that name files. */
export type DatasetFiles = Exclude<Spec["data"]["dataset"], string>;

/** Stands in a layout where no file is for testing. */
export const noTest = "no test images";

export function layoutOf({ train, test = noTest }: DatasetFiles): SplitLayout {
  return { training: train, test };
}

/**
 * The images of files, divided: only those that the split needs are read.
 * @throws Fault `data` for files that do not fit each other or have one class; Fault `spec` for a split that cannot be
 */
export async function divide(
  files: DatasetFiles,
  description: SplitDescription,
  read: (file: string) => Promise<Dataset>,
): Promise<Split> {
  const layout = layoutOf(files);
  const datasets: Dataset[] = [];
  for (const file of membersNeeded(layout, description)) {
    if (file !== noTest) datasets.push(await read(file));
  }
  const parts = united(datasets);
  const { dimension, classes } = parts[0];
  if (classes.length < 2) {
    const complaint = `all images are of one class, ${JSON.stringify(classes[0])}`;
    throw new Fault(
      "data",
      datasets[0].name,
      complaint,
      "name files of several classes, or the right labels with label",
    );
  }
  const empty = { name: noTest, images: new Uint8Array(0), labels: new Uint8Array(0), count: 0, dimension, classes };
  return split(layout.test === noTest ? [...parts, empty] : parts, layout, description);
}
