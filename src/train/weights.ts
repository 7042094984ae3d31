import { sha256 } from "../files/sha256.ts";
import type { Device } from "../math/device.ts";
import { type Parameters, parameterNamed } from "../nn/parameters.ts";

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

/** The values of every member, read once. */
export async function readMembers(device: Device, tensors: Parameters, members: number): Promise<Weights[]> {
  const read = Object.entries(tensors).map(
    async ([name, tensor]) => [name, tensor, await device.read(tensor)] as const,
  );
  const whole = await Promise.all(read);
  return Array.from({ length: members }, (_, member) =>
    Object.fromEntries(
      whole.map(([name, { shape, size }, values]) => {
        const memberValues = values.slice((member * size) / members, ((member + 1) * size) / members);
        return [name, { shape: isMatrix(name) ? shape.slice(1) : [shape[1]], values: memberValues }];
      }),
    ),
  );
}

/** Whether a name is that of weights or of their optimiser state, as in `velocity.W1`, and not of one number a node. */
function isMatrix(name: string): boolean {
  return parameterNamed(name.slice(name.lastIndexOf(".") + 1))?.role === "W";
}

/** SHA-256 in hexadecimal of all values, little-endian, in their order: W1, b1, W2, b2, ... */
export function weightsSha256(weights: Weights): Promise<string> {
  const bytes = ({ buffer, byteOffset, byteLength }: Weights[string]["values"]) =>
    // What came from another process is part of its message.
    new Uint8Array(buffer, byteOffset, byteLength);
  return sha256(...Object.values(weights).map(({ values }) => bytes(values)));
}
