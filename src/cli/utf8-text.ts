import { Fault } from "../fault/fault.ts";

/** The text of a file in UTF-8, without a byte order mark. @throws Fault `spec` for UTF-16, Latin-1 and all else */
export function utf8Text(bytes: Uint8Array, file: string): string {
  // UTF-16 begins with a mark or has a zero in every letter of Latin script; text in UTF-8 has neither.
  const isUtf16 = (bytes[0] ^ bytes[1]) === 1 && bytes[0] >= 0xfe;
  if (isUtf16 || bytes.includes(0)) throw notUtf8(file, isUtf16 ? "it is UTF-16" : "it has bytes of 0, as UTF-16 has");
  const text = decoded(bytes);
  if (text !== undefined) return text;
  throw notUtf8(file, `line ${firstWrongLine(bytes)} has bytes of another encoding, Latin-1 perhaps`);
}

function notUtf8(file: string, reason: string): Fault {
  return new Fault("spec", file, `not UTF-8: ${reason}`, "save the file as UTF-8");
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** From 1; no character of UTF-8 has the byte of a line's end in it. */
function firstWrongLine(bytes: Uint8Array): number {
  let [line, from] = [1, 0];
  for (; ; line++) {
    const end = bytes.indexOf(0x0a, from);
    if (end < 0 || decoded(bytes.subarray(from, end)) === undefined) return line;
    from = end + 1;
  }
}
