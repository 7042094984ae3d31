import { latin1 } from "../../files/npy.ts";

// Texts and numbers as pickles write them. Undefined for what is none.

/** A whole number in decimal, NaN beyond what a double holds exactly; undefined for what is none. */
export function decimal(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

/** Two's complement, the lowest byte first; undefined beyond what a double holds exactly. */
export function littleEndianInteger(bytes: Uint8Array): number | undefined {
  if (bytes.length > 8) return undefined;
  let value = 0n;
  for (const [index, byte] of bytes.entries()) value |= BigInt(byte) << BigInt(8 * index);
  const number = Number(BigInt.asIntN(Math.max(8 * bytes.length, 1), value));
  return Number.isSafeInteger(number) ? number : undefined;
}

const escapes: Readonly<Record<string, number>> = {
  n: 10,
  r: 13,
  t: 9,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  "\\": 92,
  "'": 39,
  '"': 34,
};

/** Python 2's repr of a text: quoted, with escapes. */
export function pythonString(line: Uint8Array): Uint8Array | undefined {
  const quote = line[0];
  if (line.length < 2 || (quote !== 39 && quote !== 34) || line.at(-1) !== quote) return undefined;
  const bytes = new Uint8Array(line.length);
  const end = line.length - 1;
  let length = 0;
  for (let at = 1; at < end; at++) {
    let byte = line[at];
    if (byte === 92) {
      at += 1;
      const letter = String.fromCharCode(line[at]);
      if (letter === "x") {
        const digits = latin1(line.subarray(at + 1, at + 3));
        if (!/^[0-9a-fA-F]{2}$/.test(digits) || at + 2 >= end) return undefined;
        byte = Number.parseInt(digits, 16);
        at += 2;
      } else {
        if (at >= end || !Object.hasOwn(escapes, letter)) return undefined;
        byte = escapes[letter];
      }
    }
    bytes[length++] = byte;
  }
  return bytes.subarray(0, length);
}

/** Python's raw-unicode-escape: bytes are characters, but for \uXXXX and \UXXXXXXXX. */
export function latin1Escapes(line: Uint8Array): string {
  const text = latin1(line);
  if (!line.includes(92)) return text;
  return text.replace(/\\u([0-9a-fA-F]{4})|\\U000?([0-9a-fA-F]{5,6})/g, (all, short?: string, long?: string) => {
    const code = Number.parseInt(short ?? long ?? "", 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
