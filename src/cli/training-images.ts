import { cifar10Count, cifar10Layout } from "../data/cifar10.ts";
import type { Spec } from "../record/spec.ts";

/** Training images of a spec, before they are read. */
export function trainingImages({ data: { split, limit } }: Spec): number {
  const all =
    split.kind === "batches"
      ? cifar10Count * split.train.length
      : cifar10Count * cifar10Layout.training.length - split.validation;
  return Math.min(all, limit.train ?? all);
}
