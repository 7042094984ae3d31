// PKWARE's APPNOTE.TXT, sections 4.3.7 (local header), 4.3.12 (central directory) and 4.3.16 (its end).

/** Files one after the other in a zip archive, not compressed, dated 1980-01-01: the same files give the same bytes. */
export function storedZip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const encoded = new TextEncoder().encode(name);
    const [size, length] = [content.length, encoded.length];
    // What both headers have: version 2.0, names in UTF-8, stored, time and date, the sum, and sizes.
    const shared = fields(
      ...([
        [20, 2],
        [0x800, 2],
        [0, 2],
        [0, 2],
        [0x21, 2],
      ] as const),
      ...([
        [crc32(content), 4],
        [size, 4],
        [size, 4],
        [length, 2],
        [0, 2],
      ] as const),
    );
    const local = [fields([0x04034b50, 4]), shared, encoded, content];
    const place = fields([0, 2], [0, 2], [0, 2], [0, 4], [at, 4]); // no comment, disk 0, no attributes
    directory.push(fields([0x02014b50, 4], [20, 2]), shared, place, encoded);
    parts.push(...local);
    at += lengthOf(local);
  }
  const [count, size] = [Object.keys(files).length, lengthOf(directory)];
  if (at + size >= 2 ** 32) throw new RangeError(`stored zip: ${at} bytes; a zip file without extensions has 4 GiB`);
  const end = fields([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [size, 4], [at, 4], [0, 2]);
  return joined([...parts, ...directory, end]);
}

/** Whole numbers, little-endian, each with its bytes. */
function fields(...values: readonly (readonly [value: number, bytes: number])[]): Uint8Array {
  return Uint8Array.from(
    values.flatMap(([value, bytes]) => Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 255)),
  );
}

/** CRC-32 of IEEE 802.3, its polynomial reversed. */
function crc32(bytes: Uint8Array): number {
  const table = Int32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
    return rest;
  });
  let sum = -1;
  for (let i = 0; i < bytes.length; i++) sum = table[(sum ^ bytes[i]) & 255] ^ (sum >>> 8);
  return ~sum >>> 0;
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
