import { type Spec, specSchema } from "./spec.ts";

/** A spec as a log or document has it, of this version or an older one. */
export const storedSpecSchema = specSchema.transform(asItWasMeant);

/** Runs of files that say nothing of `stratified` are older than the key: they held out their last images, as they lay. */
function asItWasMeant(spec: Spec): Spec {
  const { dataset, split } = spec.data;
  if (dataset === "cifar-10" || split.kind !== "hold-out" || split.stratified !== undefined) return spec;
  return { ...spec, data: { ...spec.data, split: { ...split, stratified: false } } };
}
