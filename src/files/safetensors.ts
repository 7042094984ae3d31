/** Named arrays as safetensors holds them. */
export type NamedTensors = Readonly<
  Record<
    string,
    { readonly shape: readonly number[]; readonly values: Float32Array | Float64Array | Uint8Array | Int32Array }
  >
>;

const dtypeNames = new Map<unknown, string>([
  [Float32Array, "F32"],
  [Float64Array, "F64"],
  [Uint8Array, "U8"],
  [Int32Array, "I32"],
]);

/**
 * The bytes of a safetensors file: 8 bytes with the header's length, little-endian, the header as JSON padded with
 * spaces to a multiple of 8, then the values, little-endian and row-major.
 * Source: https://github.com/huggingface/safetensors, "Format".
 */
export function encodeSafetensors(
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  // Wide numbers first, so that each starts at a multiple of its size.
  const ordered = Object.entries(tensors).sort(
    ([, a], [, b]) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT,
  );
  for (const [name, { shape, values }] of ordered) {
    if (shape.reduce((size, extent) => size * extent, 1) !== values.length) {
      throw new RangeError(`safetensors: ${name} has ${values.length} values for the shape [${shape.join(", ")}]`);
    }
    const begin = end;
    end += values.byteLength;
    header[name] = { dtype: dtypeNames.get(values.constructor), shape, data_offsets: [begin, end] };
  }
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json + " ".repeat((8 - (new TextEncoder().encode(json).length % 8)) % 8));
  const bytes = new Uint8Array(8 + text.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  let at = 8 + text.length;
  for (const [, { values }] of ordered) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}
