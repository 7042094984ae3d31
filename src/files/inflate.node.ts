import { crc32, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";
import { requireModest, type Unpacker } from "./unpacker.ts";
import { takeAgain, unreadable } from "./unreadable.ts";

// Synchronous, because Node's streams do not obey maxOutputLength.
const unpackers = { zlib: inflateSync, deflate: inflateRawSync, gzip: gunzipSync };

export const inflate: Unpacker["inflate"] = (packed, packing, size, place, at) => {
  requireModest(size, packed.length, place, at);
  const refuse = (actual: string) => unreadable(place, at, `${size} bytes packed with ${packing}`, actual, takeAgain);
  let bytes: Uint8Array;
  try {
    const chunkSize = Math.min(Math.max(size, 64), 2 ** 20);
    bytes = unpackers[packing](packed, { maxOutputLength: Math.max(size, 1), chunkSize });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE") throw refuse("more");
    if (code?.startsWith("Z_")) throw refuse(`damaged data (${message})`);
    throw cause;
  }
  if (bytes.length !== size) throw refuse(`${bytes.length}`);
  return bytes;
};

/** Node's own zlib. */
export const nodeUnpacker: Unpacker = {
  inflate,
  crc32,
  // Z_SYNC_FLUSH (2): give what the first bytes hold, though the stream goes on.
  beginning: (packed) => inflateSync(packed, { finishFlush: 2, maxOutputLength: 2 ** 21 }),
};
