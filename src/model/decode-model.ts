import { z } from "zod";
import { Fault } from "../fault/fault.ts";
import { decodeSafetensors } from "../files/decode-safetensors.ts";
import type { NamedTensors } from "../files/safetensors.ts";
import type { Dtype } from "../math/device.ts";
import { isVariance } from "../nn/averages.ts";
import type { Weights } from "../train/weights.ts";
import { modelFormat, modelSha256, modelVersion } from "./encode-model.ts";
import { type Model, sizeOf, weightShapes } from "./model.ts";

const count = z.int().min(1);
const descriptionSchema = z.strictObject({
  name: z.string().min(1),
  dataset: z.string().min(1),
  hidden: z.array(count),
  dimension: count,
  shape: z.tuple([count, count, count]).optional(),
  batchNorm: z
    .strictObject({
      place: z.enum(["before-relu", "after-relu"]),
      layers: z.enum(["all", "all-but-last"]),
      affine: z.boolean(),
      eps: z.number().min(0),
      statistics: z.literal("adaptive").exactOptional(),
    })
    .optional(),
  activation: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("leaky-relu"), slope: z.number().min(0).lt(1) }),
      z.strictObject({ kind: z.literal("gelu") }),
      z.strictObject({ kind: z.literal("tanh") }),
    ])
    .optional(),
  residual: z.literal(true).optional(),
  dtype: z.enum(["f32", "f64"]),
});
const classesSchema = z.array(z.string()).min(1).max(256);

const remedies = {
  write: "write a model with `gradus train --model FILE`",
  whole: "give the file as it was written, or write it again with `gradus train --model FILE`",
};

/**
 * The model in a file of `encodeModel`.
 * @throws Fault `data` naming `place`, where the file is another, is altered, or lacks or has too much of anything.
 */
export async function decodeModel(bytes: Uint8Array, place: string): Promise<Model> {
  const { tensors, metadata } = decodeSafetensors(bytes, place);
  requireFormat(tensors, metadata, place);
  if ((await modelSha256(metadata, bytes)) !== metadata.sha256) {
    throw new Fault("data", place, "what it holds does not have the SHA-256 in its metadata", remedies.whole);
  }
  return modelFrom(tensors, metadata, place);
}

/** The model of a file's tensors and of the `description` and `classes` in its metadata. */
export function modelFrom(tensors: NamedTensors, metadata: Readonly<Record<string, string>>, place: string): Model {
  const { shape, ...described } = parsed(metadata, "description", descriptionSchema, place);
  const classes = parsed(metadata, "classes", classesSchema, place);
  const { hidden, dimension, batchNorm, activation, residual, dtype } = described;
  if (shape !== undefined && sizeOf(shape) !== dimension) {
    throw new Fault("data", place, `images of ${shape.join(" x ")} are not ${dimension} bytes`, remedies.whole);
  }
  if (residual && new Set(hidden).size > 1) {
    throw new Fault("data", place, `hidden layers of ${hidden.join(", ")} nodes have no shortcuts`, remedies.whole);
  }
  const outline = { hidden, dimension, classes, batchNorm, activation, residual };
  const names = weightShapes(outline);
  const known = new Set(["scale", "shift", ...names.map(([name]) => name)]);
  const stranger = Object.keys(tensors).find((name) => !known.has(name));
  if (stranger !== undefined) {
    throw new Fault("data", place, `a tensor ${JSON.stringify(stranger)} that its description has not`, remedies.whole);
  }
  const scale = values(tensors, "scale", [dimension], "f64", place) as Float64Array;
  const shift = values(tensors, "shift", [dimension], "f64", place) as Float64Array;
  const weights = Object.fromEntries(
    names.map(([name, shape]) => [name, { shape, values: values(tensors, name, shape, dtype, place) }]),
  );
  return { ...described, shape, classes, batchNorm, preprocessing: { scale, shift }, weights };
}

function requireFormat(tensors: NamedTensors, metadata: Readonly<Record<string, string>>, place: string): void {
  const { format, version } = metadata;
  if (format !== modelFormat) {
    const isEnsemble = format === "gradus-ensemble";
    if (isEnsemble)
      throw new Fault("data", place, "it holds several models", "`gradus predict` takes it; elsewhere name one model");
    const complaint = Object.hasOwn(tensors, "W1")
      ? "it holds weights alone, without the preprocessing and the classes of a model"
      : "it is no model of Gradus";
    throw new Fault("data", place, complaint, remedies.write);
  }
  if (version !== modelVersion) {
    const remedy = "use the version of Gradus that wrote it";
    throw new Fault("data", place, `version ${version} of the format, expected ${modelVersion}`, remedy);
  }
}

/** A text of the metadata, which is JSON. */
function parsed<T>(metadata: Readonly<Record<string, string>>, key: string, schema: z.ZodType<T>, place: string): T {
  let value: unknown;
  try {
    value = JSON.parse(metadata[key] ?? "");
  } catch (cause) {
    throw new Fault("data", place, `metadata.${key} is not JSON`, remedies.whole, { cause });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  throw new Fault("data", place, `metadata.${[key, ...path].join(".")}: ${message}`, remedies.whole);
}

/** The numbers of a tensor, which must be there, of this shape and precision, and finite. */
function values(
  tensors: NamedTensors,
  name: string,
  shape: readonly number[],
  dtype: Dtype,
  place: string,
): Weights[string]["values"] {
  const expected = `${dtype === "f32" ? "F32" : "F64"} [${shape.join(", ")}]`;
  const refuse = (complaint: string, remedy: string) => {
    throw new Fault("data", place, `tensor ${name}: ${complaint}`, remedy);
  };
  const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
  if (tensor === undefined) return refuse(`absent, expected ${expected}`, remedies.whole);
  const { values } = tensor;
  if (tensor.shape.join() !== shape.join()) {
    refuse(`its shape is [${tensor.shape.join(", ")}], expected ${expected}`, remedies.whole);
  }
  if (!(dtype === "f32" ? values instanceof Float32Array : values instanceof Float64Array)) {
    refuse(`its numbers are of another kind, expected ${expected}`, remedies.whole);
  }
  const least = isVariance(name) ? 0 : Number.NEGATIVE_INFINITY;
  const odd = values.findIndex((value) => !Number.isFinite(value) || value < least);
  if (odd >= 0) refuse(`number ${odd} is ${values[odd]}`, "train again, with a lower rate if the run diverged");
  return values as Weights[string]["values"];
}

/** What a JSON text says; undefined for what is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
