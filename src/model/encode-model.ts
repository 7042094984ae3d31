import { encodeSafetensors } from "../record/safetensors.ts";
import type { Model } from "./model.ts";

/** What a model file says of itself in its metadata. */
export const modelFormat = "gradus-model";

/** The version of the format that is written, and the only one that is read. */
export const modelVersion = "1";

/**
 * The bytes of a model file: safetensors with the weights under their names, `scale` and `shift`. Its metadata has the
 * description and the classes as JSON, and the SHA-256 of all that follows the header.
 */
export async function encodeModel({ preprocessing, weights, classes, ...model }: Model): Promise<Uint8Array> {
  const { name, dataset, hidden, dimension, shape, batchNorm, dtype } = model;
  const tensors = {
    ...weights,
    scale: { shape: [dimension], values: preprocessing.scale },
    shift: { shape: [dimension], values: preprocessing.shift },
  };
  // What follows the header does not depend on it.
  const checksum = await sha256(afterHeader(encodeSafetensors(tensors)));
  return encodeSafetensors(tensors, {
    format: modelFormat,
    version: modelVersion,
    description: JSON.stringify({ name, dataset, hidden, dimension, shape, batchNorm, dtype }),
    classes: JSON.stringify(classes),
    sha256: checksum,
  });
}

/** The tensors' bytes of a safetensors file. */
export function afterHeader(file: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  return file.subarray(8 + length) as Uint8Array<ArrayBuffer>;
}

/** In hexadecimal. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
