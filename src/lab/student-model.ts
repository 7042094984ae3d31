import { Fault } from "../fault/fault.ts";
import type { NamedArrays } from "../files/number-array.ts";
import { knownArrays } from "../model/array-names.ts";
import { decodeNpz } from "../model/decode-npz.ts";
import { type Model, sizeOf, weightShapes } from "../model/model.ts";
import { modelOf } from "../model/model-of.ts";
import { type StudentOptions, studentNetwork } from "../model/student-network.ts";
import type { Spec } from "../record/spec.ts";
import { loadSplit } from "../train/split.node.ts";
import type { Weights } from "../train/weights.ts";

/**
 * The model among the arrays of an .npz or .mat file: one of Gradus's own, with its preprocessing and classes, or weights that
 * somebody else trained, with those of the data that `trainedAs` names.
 * @throws Fault `data` for arrays that are no model; Fault `usage` where the preprocessing is not known
 */
export async function modelOfArrays(
  arrays: NamedArrays,
  place: string,
  { trainedAs, ...options }: Pick<StudentOptions, "names" | "isTurned"> & { readonly trainedAs?: Spec | undefined },
): Promise<Model> {
  const isNamed = options.names !== undefined && options.names.size > 0;
  const own = isNamed ? undefined : decodeNpz(arrays, place);
  if (own !== undefined) {
    if (trainedAs === undefined) return own;
    const complaint = "is of weights alone, and this model says itself what it was trained as";
    throw new Fault("usage", "--trained-as", complaint, "leave it out");
  }
  const known = knownArrays(arrays, place, options.names);
  const { widths, parameters, isDouble } = studentNetwork(known, arrays, place, options.isTurned);
  const dtype = isDouble ? "f64" : "f32";
  const hidden = widths.slice(1, -1);
  const [dimension, classCount] = [widths[0], widths[widths.length - 1]];
  const precise = (values: Float64Array) => (dtype === "f64" ? Float64Array.from(values) : Float32Array.from(values));
  const weightsFor = (shapes: readonly (readonly [string, readonly number[]])[]): Weights =>
    Object.fromEntries(
      shapes.map(([name, shape]) => {
        const values = parameters[name];
        if (values?.length !== sizeOf(shape)) {
          throw new Fault("data", place, `${name} is not [${shape.join(", ")}]`, "save all arrays of one network");
        }
        return [name, { shape: [...shape], values: precise(values) }];
      }),
    );
  if (trainedAs === undefined) {
    const complaint =
      "it holds weights alone: how bytes became its inputs, and what its classes are called, is not known";
    const remedy =
      "say what it was trained as: --trained-as 004-E2, or a spec whose data, split and preprocessing it had";
    throw new Fault("usage", place, complaint, remedy);
  }
  const { train } = await loadSplit(trainedAs);
  if (train.dimension !== dimension || train.classes.length !== classCount) {
    const complaint = `it takes ${dimension} numbers and has ${classCount} classes; the images have ${train.dimension} and ${train.classes.length}`;
    throw new Fault("data", place, complaint, "name the data that it was trained on with --trained-as");
  }
  const network = { ...trainedAs.network, hidden, batchNorm: undefined };
  const weights = weightsFor(weightShapes({ hidden, dimension, classes: train.classes }));
  return modelOf({ ...trainedAs, name: place, network }, train, weights, dtype);
}
