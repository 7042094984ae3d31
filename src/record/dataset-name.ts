import type { Spec } from "./spec.ts";

/** A dataset in a word: its own name where it is a published one, or the names of its training files, without their folders. */
export function datasetName(dataset: Spec["data"]["dataset"]): string {
  if (typeof dataset === "string") return dataset;
  const [first, ...more] = dataset.train.map((file) => file.replace(/[\\/]+$/, "").replace(/^.*[\\/]/, ""));
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}
