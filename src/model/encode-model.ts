import { encodeSafetensors, type NamedTensors } from "../files/safetensors.ts";
import { sha256 } from "../files/sha256.ts";
import type { Model } from "./model.ts";

/** What a model file says of itself in its metadata. */
export const modelFormat = "gradus-model";

/** The version of the format that is written, and the only one that is read. */
export const modelVersion = "1";

/**
 * The bytes of a model file: safetensors with the weights under their names, `scale` and `shift`. Its metadata has the
 * description and the classes as JSON, and the SHA-256 of both and of all that follows the header.
 */
export async function encodeModel(model: Model): Promise<Uint8Array> {
  const tensors = tensorsOf(model);
  const description = descriptionOf(model);
  // What follows the header does not depend on it.
  const checksum = await modelSha256(description, encodeSafetensors(tensors));
  return encodeSafetensors(tensors, { format: modelFormat, version: modelVersion, ...description, sha256: checksum });
}

/** The numbers of a model file. */
export function tensorsOf({ weights, preprocessing, dimension }: Model): NamedTensors {
  return {
    ...weights,
    scale: { shape: [dimension], values: preprocessing.scale },
    shift: { shape: [dimension], values: preprocessing.shift },
  };
}

/** What its metadata says of the model. */
export function descriptionOf({ classes, ...model }: Model): { description: string; classes: string } {
  const { name, dataset, hidden, dimension, shape, batchNorm, activation, residual, dtype } = model;
  return {
    description: JSON.stringify({ name, dataset, hidden, dimension, shape, batchNorm, activation, residual, dtype }),
    classes: JSON.stringify(classes),
  };
}

/** SHA-256 of a model file's description and classes, as they stand there, and of all bytes after the header. */
export function modelSha256(
  { description, classes }: Readonly<Record<string, string>>,
  file: Uint8Array,
): Promise<string> {
  const [first, second] = [description, classes].map((text) => new TextEncoder().encode(text));
  return sha256(first, second, afterHeader(file));
}

/** The tensors' bytes of a safetensors file. */
export function afterHeader(file: Uint8Array): Uint8Array {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  return file.subarray(8 + length);
}
