import { modelOfArrays } from "../lab/student-model.ts";
import type { Model } from "../model/model.ts";
import { arrayName, namedArrays } from "./named-arrays.ts";
import { readSpec } from "./read-spec.ts";

/** What a file of weights alone does not say. */
export interface ModelOptions {
  /** The spec, or published training, whose data and preprocessing it was trained with. */
  readonly trainedAs?: string;
  readonly array?: readonly string[];
}

/** The model of an .npz or .mat file: one of Gradus's, or W and b from somebody else's program. @throws Fault as `modelOfArrays` */
export async function arraysModel(file: string, { trainedAs, array = [] }: ModelOptions): Promise<Model> {
  const named = trainedAs === undefined ? undefined : await readSpec(trainedAs, []);
  const names = new Map(array.map(arrayName));
  return await modelOfArrays(await namedArrays(file), file, { names, trainedAs: named?.spec });
}
