import { gunzipSync, inflateSync, Unzlib, unzlibSync } from "fflate";
import { adler32, crc32 } from "./checksums.ts";
import { type Packing, requireModest, type Unpacker } from "./unpacker.ts";
import { takeAgain, unreadable } from "./unreadable.ts";

const unpackers = { zlib: unzlibSync, deflate: inflateSync, gzip: gunzipSync };

/** fflate, which is asked for one byte more than there may be, and whose checksums are looked at here. */
export const pageUnpacker: Unpacker = {
  inflate(packed, packing, size, place, at) {
    requireModest(size, packed.length, place, at);
    const refuse = (actual: string) => unreadable(place, at, `${size} bytes packed with ${packing}`, actual, takeAgain);
    let bytes: Uint8Array;
    try {
      bytes = unpackers[packing](packed, { out: new Uint8Array(size + 1) });
    } catch (cause) {
      // A stored block that does not fit into what there may be.
      if (cause instanceof RangeError) throw refuse("more");
      throw refuse(`damaged data (${(cause as Error).message})`);
    }
    if (bytes.length > size) throw refuse("more");
    if (bytes.length !== size) throw refuse(`${bytes.length}`);
    if (!isWhole(packed, packing, bytes)) throw refuse("damaged data (incorrect data check)");
    return bytes;
  },
  crc32,
  beginning(packed) {
    const parts: Uint8Array[] = [];
    new Unzlib((part) => parts.push(part)).push(packed, false);
    return parts[0] ?? new Uint8Array(0);
  },
};

/** Whether the checksum at the end of a stream is that of what it held (RFC 1950, 1952). */
function isWhole(packed: Uint8Array, packing: Packing, bytes: Uint8Array): boolean {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  if (packing === "zlib") return view.getUint32(packed.length - 4) === adler32(bytes);
  return packing === "deflate" || view.getUint32(packed.length - 8, true) === crc32(bytes);
}
