import { type Dataset, requireDataset, slice } from "../data/dataset.ts";
import { preprocessing } from "../data/preprocess.ts";
import type { Split } from "../data/splits.ts";
import { Fault } from "../fault/fault.ts";
import type { Device, ImageSet, Standardisation } from "../math/device.ts";
import { openScope } from "../math/scope.ts";
import type { Spec } from "../record/spec.ts";
import { requireImages } from "./plan.ts";

/**
 * What trainings stand on: a device, and on it the images and how their bytes become numbers. It lives longer than a
 * training and is handed to it; who opens it frees it.
 */
export interface Bench {
  readonly device: Device;
  /** The images as the spec limits them. */
  readonly data: Split;
  readonly train: ImageSet;
  readonly validation: ImageSet;
  /** Made resident when it is first asked for: most runs of a search never are tested. */
  test(): ImageSet;
  readonly standardisation: Standardisation;
  /** Trainings whose specs have this key can stand on it. */
  readonly key: string;
  /** Returns the memory; the device stays its maker's. */
  free(): void;
}

/** What decides a bench: specs of equal keys can be trained on one. */
export function benchKey({ data: { dataset, split, preprocess, limit } }: Spec): string {
  return JSON.stringify([dataset, split, preprocess, limit]);
}

/** @throws Fault `data` for images and labels that do not fit each other, and for a set without images */
export function openBench(device: Device, whole: Split, spec: Spec): Bench {
  for (const part of ["train", "validation", "test"] as const) {
    // Callers without types may leave one out.
    const dataset: Dataset | undefined = whole[part];
    if (dataset === undefined) throw new Fault("data", `data.${part}`, "missing", "give it images and labels");
    requireDataset(dataset, `data.${part}`);
  }
  const data = limited(whole, spec);
  requireImages(data, spec);
  const scope = openScope(device);
  const { scale, shift } = preprocessing(spec.data.preprocess, data.train);
  const tensor = (values: Float64Array) => {
    const written = scope.device.tensor([values.length]);
    device.write(written, values);
    return written;
  };
  const upload = ({ images, labels }: Dataset) => scope.device.upload(images, labels);
  let test: ImageSet | undefined;
  return {
    device,
    data,
    train: upload(data.train),
    validation: upload(data.validation),
    test() {
      test ??= upload(data.test);
      return test;
    },
    standardisation: { scale: tensor(scale), shift: tensor(shift) },
    key: benchKey(spec),
    free() {
      scope.free();
    },
  };
}

function limited({ train, validation, test }: Split, { data: { limit } }: Spec): Split {
  const first = (dataset: Dataset, count = dataset.count) => slice(dataset, 0, Math.min(count, dataset.count));
  return {
    train: first(train, limit.train),
    validation: first(validation, limit.validation),
    test: first(test, limit.test),
  };
}
