import { expect, test } from "vitest";
import { bytes, float, integer, message, text } from "./protobuf.ts";

// Values from https://protobuf.dev/programming-guides/encoding, but for the float, which is IEEE 754's 1.
test.each([
  ["an integer", integer(1, 150), [0x08, 0x96, 0x01]],
  ["a text", text(2, "testing"), [0x12, 0x07, ...new TextEncoder().encode("testing")]],
  ["a message within", bytes(3, integer(1, 150)), [0x1a, 0x03, 0x08, 0x96, 0x01]],
  ["a float", float(2, 1), [0x15, 0, 0, 0x80, 0x3f]],
  ["a field beyond 15", integer(20, 2), [0xa0, 0x01, 2]],
  ["an integer beyond 32 bits", integer(1, 2 ** 40), [0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]],
  ["fields together", message(integer(1, 0), text(2, "")), [0x08, 0, 0x12, 0]],
])("%s", (_what, encoded, expected) => expect([...encoded]).toEqual(expected));
