import { crc32, deflateSync } from "node:zlib";
import { decode } from "fast-png";

/**
 * A screenshot as a PNG of a palette, a third of its size: pages have few colours, and between them the greys of letters. The most
 * frequent ones stay, and those that are farthest from them, however small their signs are; the others become the nearest of these.
 */
export function indexedPng(png: Uint8Array, most = 192): Uint8Array {
  const { width, height, channels, data } = decode(png);
  const colours = new Uint32Array(width * height);
  for (let pixel = 0; pixel < colours.length; pixel++) {
    const at = pixel * channels;
    colours[pixel] = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
  }
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = paletteOf(counts, most);
  const indices = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));
  const rows = new Uint8Array(height * (width + 1)); // each behind the number of its filter, which is none
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = indices.get(colours[y * width + x]) ?? 0;
  }
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8); // bits
  header.setUint8(9, 3); // a palette
  return Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", new Uint8Array(header.buffer)),
    chunk("PLTE", Uint8Array.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** Half of them by how often they are there, half by how far they are from all that were taken before. */
function paletteOf(counts: ReadonlyMap<number, number>, most: number): number[] {
  const colours = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour);
  const palette = colours.splice(0, most / 2);
  const apart = colours.map((colour) => Math.min(...palette.map((other) => distance(other, colour))));
  while (palette.length < most && colours.length > 0) {
    const at = apart.reduce((best, value, index) => (value > apart[best] ? index : best), 0);
    if (apart[at] === 0) break;
    const colour = colours[at];
    palette.push(colour);
    for (const [index, other] of colours.entries()) apart[index] = Math.min(apart[index], distance(colour, other));
  }
  return palette;
}

function nearest(palette: readonly number[], colour: number): number {
  let best = 0;
  for (const [index, other] of palette.entries()) {
    if (distance(other, colour) < distance(palette[best], colour)) best = index;
  }
  return best;
}

/** Squared, of red, green and blue. */
function distance(a: number, b: number): number {
  const [red, green, blue] = [(a >> 16) - (b >> 16), ((a >> 8) & 255) - ((b >> 8) & 255), (a & 255) - (b & 255)];
  return red * red + green * green + blue * blue;
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  checksum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, checksum]);
}
