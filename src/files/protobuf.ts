// The wire format of protocol buffers, as far as ONNX needs it: https://protobuf.dev/programming-guides/encoding.
// A field is its number and kind, then an integer of variable length (kind 0), a length and so many bytes (2), or 4
// bytes (5). A message is its fields one after the other, and goes into another as bytes.

/** One field, or several, as bytes. */
export type Field = Uint8Array;

export function message(...fields: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, field) => sum + field.length, 0));
  let at = 0;
  for (const field of fields) {
    bytes.set(field, at);
    at += field.length;
  }
  return bytes;
}

/** A whole number from 0. */
export function integer(field: number, value: number): Field {
  return Uint8Array.from([...varint(field * 8), ...varint(value)]);
}

export function float(field: number, value: number): Field {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return Uint8Array.from([...varint(field * 8 + 5), ...bytes]);
}

export function text(field: number, value: string): Field {
  return bytes(field, new TextEncoder().encode(value));
}

/** Bytes, or a message within. */
export function bytes(field: number, value: Uint8Array): Field {
  return message(Uint8Array.from([...varint(field * 8 + 2), ...varint(value.length)]), value);
}

/** Seven bits a byte, lowest first; the eighth says that more follow. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
