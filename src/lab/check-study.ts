import { Fault } from "../fault/fault.ts";
import { largestOf } from "../math/extremes.ts";
import { parseSpec } from "../record/parse-spec.ts";
import type { SearchDocument } from "../search/search-document.ts";
import { trainingImages } from "./training-images.ts";

/** Refuses batches of more images than there are, which only the data can tell. @throws Fault `spec`; Fault `data` */
export async function requireImages({ vary, spec }: SearchDocument): Promise<void> {
  const batch = vary["training.batch"];
  if (batch === undefined) return;
  const images = await trainingImages(parseSpec(spec));
  const values = batch.kind === "choice" ? batch.values.map(Number) : [batch.high];
  const largest = largestOf(values);
  if (largest <= images) return;
  const complaint = `${largest} is more than the ${images} training images`;
  throw new Fault("spec", "vary.training.batch", complaint, `vary training.batch up to ${images}`);
}
