import { limits } from "./limits.ts";
import { unreadable } from "./unreadable.ts";

export type Packing = "zlib" | "deflate" | "gzip";

/** How a platform unpacks: Node by its zlib, a page by fflate. */
export interface Unpacker {
  /**
   * Unpacks `packed`, which lies at byte `at` of `place`, into exactly `size` bytes.
   * Never makes room for more, nor for more than `limits` allow so few packed bytes.
   * @throws Fault `data`
   */
  inflate(packed: Uint8Array, packing: Packing, size: number, place: string, at: number): Uint8Array;
  /**
   * What the first bytes of a longer zlib stream hold, as far as they say it.
   * @throws Error for bytes that are no such stream
   */
  beginning(packed: Uint8Array): Uint8Array;
  /** The checksum of zip and PNG. */
  crc32(bytes: Uint8Array): number;
}

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
