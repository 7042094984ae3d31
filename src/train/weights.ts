import type { Device } from "../math/device.ts";
import type { Averages, Parameters } from "../nn/mlp.ts";

/**
 * One member's trained parameters, then the averages `mean1`, `variance1`, ... of its normalised layers: values in the
 * device's precision, shapes without the member axis.
 */
export type Weights = Readonly<
  Record<
    string,
    { readonly shape: readonly number[]; readonly values: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> }
  >
>;

/** Everything that `Weights` names, as the device holds it. */
export function learned(parameters: Parameters, averages: Averages): Parameters {
  const named = averages.flatMap((own, index) =>
    own === undefined ? [] : [[`mean${index + 1}`, own.mean] as const, [`variance${index + 1}`, own.variance] as const],
  );
  return { ...parameters, ...Object.fromEntries(named) };
}

export async function readWeights(device: Device, tensors: Parameters, member: number): Promise<Weights> {
  const entries = Object.entries(tensors).map(async ([name, tensor]) => {
    const [members, out, inputs] = tensor.shape;
    const length = tensor.size / members;
    const values = (await device.read(tensor)).slice(member * length, (member + 1) * length);
    return [name, { shape: name.startsWith("W") ? [out, inputs] : [out], values }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** SHA-256 in hexadecimal of all values, little-endian, in their order: W1, b1, W2, b2, ... */
export async function weightsSha256(weights: Weights): Promise<string> {
  const parts = Object.values(weights).map(({ values }) => new Uint8Array(values.buffer));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
