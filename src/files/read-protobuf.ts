import { limits } from "./limits.ts";
import { takeAgain, unreadable } from "./unreadable.ts";

// The wire format of protocol buffers, read: https://protobuf.dev/programming-guides/encoding. `protobuf.ts` writes it.

/** A field of a message: a whole number, a float, or bytes, which may be a text or a message within. */
interface ReadField {
  readonly field: number;
  readonly value: number | Uint8Array;
  /** Where its value begins in the file. */
  readonly at: number;
}

/** The fields of a message by their numbers, in their order. */
export type Message = ReadonlyMap<number, readonly ReadField[]>;

/** Fields of one message: an ONNX graph of all that Gradus writes has fewer by far. */
const most = 100_000;

/**
 * The message in `bytes`, which begin at byte `start` of the file.
 * @throws Fault `data` for bytes that are none
 */
export function readMessage(bytes: Uint8Array, place: string, start = 0): Message {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const fields = new Map<number, ReadField[]>();
  let at = 0;
  let count = 0;
  const varint = (what: string): number => {
    const from = at;
    let value = 0;
    for (let weight = 1; at < bytes.length && at - from < 10; weight *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * weight;
      if (byte < 128) return value;
    }
    throw unreadable(place, start + from, what, "none that ends", takeAgain);
  };
  while (at < bytes.length) {
    const begin = at;
    const key = varint("the number of a field");
    const [field, kind] = [Math.floor(key / 8), key % 8];
    if (field < 1 || ![0, 1, 2, 5].includes(kind)) {
      throw unreadable(place, start + begin, "a field", `number ${field} of kind ${kind}`, takeAgain);
    }
    count += 1;
    if (count > most) throw unreadable(place, start + begin, `at most ${most} fields`, "more", takeAgain);
    const size = kind === 2 ? varint("a length") : kind === 1 ? 8 : kind === 5 ? 4 : 0;
    if (size > bytes.length - at) {
      throw unreadable(place, start + at, `${size} bytes of a field`, `${bytes.length - at}`, takeAgain);
    }
    const from = at;
    const value =
      kind === 0
        ? varint("a whole number")
        : kind === 2
          ? bytes.subarray(at, at + size)
          : kind === 5
            ? view.getFloat32(at, true)
            : view.getFloat64(at, true);
    if (kind !== 0) at += size;
    const known = fields.get(field);
    const entry = { field, value, at: start + from };
    if (known === undefined) fields.set(field, [entry]);
    else known.push(entry);
  }
  return fields;
}

/** The messages within, under a field's number. @throws Fault `data` for what is none */
export function messagesAt(message: Message, field: number, place: string): Message[] {
  return (message.get(field) ?? []).map(({ value, at }) => {
    if (typeof value === "number") throw unreadable(place, at, "a message", "a number", takeAgain);
    return readMessage(value, place, at);
  });
}

/** The texts under a field's number. @throws Fault `data` for what is no UTF-8 */
export function textsAt(message: Message, field: number, place: string): string[] {
  return (message.get(field) ?? []).map(({ value, at }) => {
    if (typeof value === "number") throw unreadable(place, at, "a text", "a number", takeAgain);
    if (value.length > limits.nameBytes) {
      throw unreadable(place, at, `a text of at most ${limits.nameBytes} bytes`, `${value.length}`, takeAgain);
    }
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(value);
    } catch {
      throw unreadable(place, at, "a text in UTF-8", "other bytes", takeAgain);
    }
  });
}

/** The numbers under a field's number; lists that are packed into one field are taken apart. @throws Fault `data` */
export function integersAt(message: Message, field: number, place: string): number[] {
  return (message.get(field) ?? []).flatMap(({ value, at }) => {
    if (typeof value === "number") return [value];
    const packed: number[] = [];
    for (let from = 0; from < value.length; ) {
      let [number, weight] = [0, 1];
      let byte: number;
      do {
        if (from >= value.length || weight > 2 ** 63) {
          throw unreadable(place, at, "whole numbers", "bytes that end within one", takeAgain);
        }
        byte = value[from++];
        number += (byte & 127) * weight;
        weight *= 128;
      } while (byte >= 128);
      packed.push(number);
    }
    return packed;
  });
}
