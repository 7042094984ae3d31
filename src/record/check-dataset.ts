import { Fault } from "../fault/fault.ts";
import type { Spec } from "./spec.ts";

/** Files of training images in which a published dataset comes. */
const trainingFiles = { "cifar-10": 5, mnist: 1 } as const;

/**
 * How the keys of `data` go together: batches that exist, files named once, and test images where they are measured.
 * @throws Fault `spec`
 */
export function checkDataset({ data: { dataset, split }, evaluate }: Spec): void {
  const published = typeof dataset === "string" ? dataset : undefined;
  if (split.kind === "fold" && split.number > split.of) {
    const complaint = `${split.number}; must be at most ${split.of}, the number of folds`;
    throw new Fault("spec", "data.split.number", complaint, `give data.split.number at most ${split.of}`);
  }
  const batches = typeof dataset === "string" ? trainingFiles[dataset] : dataset.train.length;
  if (split.kind === "batches") {
    for (const part of ["train", "validation"] as const) {
      const at = split[part].findIndex((number) => number > batches);
      if (at < 0) continue;
      const place = `data.split.${part}.${at}`;
      const complaint = `${split[part][at]}; must be at most ${batches}`;
      const names = published === undefined ? "data.dataset.train names" : `${published} has`;
      const files = `${names} ${batches} ${batches === 1 ? "file" : "files"}`;
      const remedy = "hold out images with data.split: { kind: hold-out, validation: 1000 }, or name more files";
      if (published === "cifar-10") throw new Fault("spec", place, complaint, `give ${place} at most ${batches}`);
      throw new Fault("spec", place, `${complaint}: ${files}`, remedy);
    }
  }
  if (typeof dataset === "string") return;
  for (const [at, file] of dataset.train.entries()) {
    if (dataset.train.indexOf(file) !== at) {
      throw new Fault("spec", `data.dataset.train.${at}`, `"${file}" is named twice`, "name each file once");
    }
  }
  if (dataset.test === undefined && evaluate.test) {
    const remedy = "name a file with data.dataset.test, or set evaluate.test to false";
    throw new Fault("spec", "evaluate.test", "true, and data.dataset names no test images", remedy);
  }
  if (dataset.test !== undefined && dataset.train.includes(dataset.test)) {
    const complaint = `"${dataset.test}" is in data.dataset.train too`;
    throw new Fault("spec", "data.dataset.test", complaint, "test with images that do not train");
  }
}
