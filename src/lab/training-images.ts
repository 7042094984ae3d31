import { cifar10Count, cifar10Layout } from "../data/cifar10.ts";
import type { Spec } from "../record/spec.ts";
import { loadSplit } from "../train/split.node.ts";

/** Training images of a spec. Those of CIFAR-10 are known before they are read; files are read to be counted. */
export async function trainingImages(spec: Spec): Promise<number> {
  if (spec.data.dataset === "cifar-10") return cifar10TrainingImages(spec);
  const { train } = await loadSplit(spec);
  return Math.min(train.count, spec.data.limit.train ?? train.count);
}

/** Those of a spec that names CIFAR-10, as every published experiment does. */
export function cifar10TrainingImages({ data: { split, limit } }: Spec): number {
  const whole = cifar10Count * cifar10Layout.training.length;
  const all =
    split.kind === "batches"
      ? cifar10Count * split.train.length
      : whole - (split.kind === "hold-out" ? split.validation : foldSize(split.number, split.of, whole));
  return Math.min(all, limit.train ?? all);
}

function foldSize(number: number, of: number, count: number): number {
  return Math.round((number * count) / of) - Math.round(((number - 1) * count) / of);
}
