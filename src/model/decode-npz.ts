import { elementReader, isTexts, type NamedArrays, type NumberArray } from "../files/number-array.ts";
import type { NamedTensors } from "../files/safetensors.ts";
import { modelFrom } from "./decode-model.ts";
import { type Model, sizeOf } from "./model.ts";
import { matrix } from "./student-network.ts";

/**
 * The model of a file of `encodeNpz`; undefined for arrays that are none of Gradus's.
 * @throws Fault `data` naming `place`, where it lacks or has too much of anything
 */
export function decodeNpz(arrays: NamedArrays, place: string): Model | undefined {
  if (!isOfGradus(arrays)) return undefined;
  const textOf = (name: string) => {
    const array = arrays.get(name);
    return array !== undefined && isTexts(array) ? array.texts[0] : undefined;
  };
  const numbersOf = (name: string) => {
    const array = arrays.get(name);
    return typeof array === "object" && !isTexts(array) ? valuesOf(array) : undefined;
  };
  const count = (pattern: RegExp) => [...arrays.keys()].filter((name) => pattern.test(name)).length;
  const hidden = Array.from({ length: Math.max(0, count(/^W\d+$/) - 1) }, (_, index) => {
    const W = arrays.get(`W${index + 1}`);
    return typeof W === "object" && !isTexts(W) ? W.shape[0] : 0;
  });
  const normalised = count(/^variance\d+$/);
  const statistics = textOf("statistics");
  const activation = textOf("activation");
  const description = {
    name: textOf("name") ?? place,
    dataset: textOf("dataset") ?? "unknown",
    hidden,
    dimension: numbersOf("scale")?.length,
    shape: numbersOf("shape") && [...(numbersOf("shape") ?? [])],
    batchNorm:
      normalised === 0
        ? undefined
        : {
            place: textOf("place"),
            layers: normalised === hidden.length ? "all" : "all-but-last",
            affine: arrays.has("gamma1"),
            eps: numbersOf("eps")?.[0],
            ...(statistics === undefined ? {} : { statistics }),
          },
    activation:
      activation === undefined
        ? undefined
        : { kind: activation, ...(arrays.has("slope") ? { slope: numbersOf("slope")?.[0] } : {}) },
    residual: arrays.has("residual") ? true : undefined,
    dtype: numbersOf("W1") instanceof Float32Array ? "f32" : "f64",
  };
  const tensors: NamedTensors = Object.fromEntries(
    [...arrays].flatMap(([name, array]) =>
      typeof array === "string" || isTexts(array) || settings.has(name)
        ? []
        : [[name, { shape: [...array.shape], values: valuesOf(array) }] as const],
    ),
  );
  const classes = arrays.get("classes");
  const names = classes !== undefined && isTexts(classes) ? classes.texts : [];
  return modelFrom(tensors, { description: JSON.stringify(description), classes: JSON.stringify(names) }, place);
}

/** Arrays of one number that are no weights. */
const settings = new Set(["eps", "slope", "residual", "shape"]);

/** Weights with their preprocessing and the names of classes: what nobody else saves under these names. */
function isOfGradus(arrays: NamedArrays): boolean {
  const [W, scale, shift, classes] = ["W1", "scale", "shift", "classes"].map((name) => arrays.get(name));
  const areNumbers = [W, scale, shift].every((array) => typeof array === "object" && !isTexts(array));
  return areNumbers && classes !== undefined && isTexts(classes);
}

/** Row by row, in the precision that they have in the file. */
function valuesOf(array: NumberArray): Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> {
  const read = elementReader(array);
  const values =
    array.shape.length === 2
      ? matrix(array, false)
      : Float64Array.from({ length: sizeOf(array.shape) }, (_, at) => read(at));
  return array.type === "f4" ? Float32Array.from(values) : Float64Array.from(values);
}
