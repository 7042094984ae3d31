import { gunzipSync, inflateRawSync, inflateSync } from "node:zlib";
import { limits } from "./limits.ts";
import { takeAgain, unreadable } from "./unreadable.ts";

// Synchronous, because Node's streams do not obey maxOutputLength.
const unpackers = { zlib: inflateSync, deflate: inflateRawSync, gzip: gunzipSync };

/**
 * Refuses `packed` bytes, of a file or a part of it, that promise to unpack to more than they may: a bomb.
 * @throws Fault `data`
 */
export function requireModest(size: number, packed: number, place: string, at: number): void {
  const most = Math.min(limits.unpackedBytes, Math.max(limits.freeBytes, limits.ratio * packed));
  if (size <= most) return;
  const remedy = "unpack it with a tool you trust, and name the unpacked file";
  throw unreadable(place, at, `at most ${most} bytes in ${packed} packed ones`, `${size}`, remedy);
}

/**
 * Unpacks `packed`, which lies at byte `at` of `place`, into exactly `size` bytes.
 * Never makes room for more, nor for more than `limits` allow so few packed bytes.
 * @throws Fault `data`
 */
export function inflate(
  packed: Uint8Array,
  kind: keyof typeof unpackers,
  size: number,
  place: string,
  at: number,
): Uint8Array {
  requireModest(size, packed.length, place, at);
  const refuse = (actual: string) => unreadable(place, at, `${size} bytes packed with ${kind}`, actual, takeAgain);
  let bytes: Uint8Array;
  try {
    const chunkSize = Math.min(Math.max(size, 64), 2 ** 20);
    bytes = unpackers[kind](packed, { maxOutputLength: Math.max(size, 1), chunkSize });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE") throw refuse("more");
    if (code?.startsWith("Z_")) throw refuse(`damaged data (${message})`);
    throw cause;
  }
  if (bytes.length !== size) throw refuse(`${bytes.length}`);
  return bytes;
}
