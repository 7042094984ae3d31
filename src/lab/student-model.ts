import { Fault } from "../fault/fault.ts";
import { elementReader, isTexts, type NamedArrays } from "../files/number-array.ts";
import { knownArrays } from "../model/array-names.ts";
import { type Model, sizeOf, weightShapes } from "../model/model.ts";
import { modelOf } from "../model/model-of.ts";
import { matrix, type StudentOptions, studentNetwork, vector } from "../model/student-network.ts";
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
  const known = knownArrays(arrays, place, options.names);
  const { widths, parameters, isDouble } = studentNetwork(known, arrays, place, options.isTurned);
  const dtype = isDouble ? "f64" : "f32";
  const hidden = widths.slice(1, -1);
  const [dimension, classCount] = [widths[0], widths[widths.length - 1]];
  const own = ownParts(arrays, place);
  const precise = (values: Float64Array) => (dtype === "f64" ? Float64Array.from(values) : Float32Array.from(values));
  const weightsFor = (shapes: readonly (readonly [string, readonly number[]])[]): Weights =>
    Object.fromEntries(
      shapes.map(([name, shape]) => {
        const values = parameters[name] ?? own?.numbers(name);
        if (values?.length !== sizeOf(shape)) {
          throw new Fault("data", place, `${name} is not [${shape.join(", ")}]`, "save all arrays of one network");
        }
        return [name, { shape: [...shape], values: precise(values) }];
      }),
    );
  if (own !== undefined && trainedAs === undefined) {
    const { classes, preprocessing, batchNorm } = own;
    if (classes.length !== classCount || preprocessing.scale.length !== dimension) {
      throw new Fault("data", place, "its classes or its scale do not fit its weights", "export the model again");
    }
    const weights = weightsFor(weightShapes({ hidden, dimension, classes, batchNorm }));
    return { name: place, dataset: "unknown", hidden, dimension, classes, batchNorm, preprocessing, weights, dtype };
  }
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

/** What an .npz of Gradus's holds beside the weights; undefined for another file. */
function ownParts(arrays: NamedArrays, place: string) {
  const [scale, shift, classes] = ["scale", "shift", "classes"].map((name) => arrays.get(name));
  if (typeof scale !== "object" || isTexts(scale) || typeof shift !== "object" || isTexts(shift)) return undefined;
  if (typeof classes !== "object" || !isTexts(classes)) return undefined;
  const numbers = (name: string) => {
    const array = arrays.get(name);
    if (typeof array !== "object" || isTexts(array)) return undefined;
    return array.shape.length === 2 ? matrix(array, false) : vector(array, name, place);
  };
  const eps = arrays.get("eps");
  const placeText = arrays.get("place");
  const layers = [...arrays.keys()].filter((name) => /^variance\d+$/.test(name)).length;
  const depth = [...arrays.keys()].filter((name) => /^W\d+$/.test(name)).length;
  const isNormalised = typeof eps === "object" && !isTexts(eps) && layers > 0;
  const isAfter = typeof placeText === "object" && isTexts(placeText) && placeText.texts[0] === "after-relu";
  const batchNorm = isNormalised
    ? {
        place: isAfter ? ("after-relu" as const) : ("before-relu" as const),
        layers: layers === depth - 1 ? ("all" as const) : ("all-but-last" as const),
        affine: arrays.has("gamma1"),
        eps: elementReader(eps)(0),
      }
    : undefined;
  return {
    classes: classes.texts,
    preprocessing: { scale: vector(scale, "scale", place), shift: vector(shift, "shift", place) },
    batchNorm,
    numbers,
  };
}
