import { type ByteRange, byteOf } from "./byte-of.ts";
import { kindOfFile } from "./kind-of-file.ts";
import { limits } from "./limits.ts";
import type { Picture } from "./picture.ts";
import type { Unpacker } from "./unpacker.ts";
import { shown, takeAgain, unreadable } from "./unreadable.ts";

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const convert = "save it as a PNG of at most 8 bits a colour, grey, RGB or a palette, without transparency";
const sayRange =
  "say what becomes 0 and 255: data.dataset.range: [0, 65535] or --range 0,65535; or save it with 8 bits a colour";
export const withoutRange = "leave out the range: pictures of 8 bits need none";
/** Values of a pixel by colour type (PNG specification, 11.2.1): grey, RGB, palette, grey and alpha, RGB and alpha. */
const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Bits of a value that each colour type may have. */
const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** How a PNG is read. */
export interface PngReading {
  /** Whether it may have the pixels of a photo, as it is to be made smaller. */
  readonly isPhoto?: boolean;
  readonly range?: ByteRange | undefined;
}

/**
 * Reads a PNG: grey, RGB, a palette (which becomes RGB), or with an alpha that is opaque everywhere; interlaced or not. One of 16 bits
 * needs `range`, the values that become byte 0 and 255, and one of fewer must have none.
 * The decoder of fast-png makes room for whatever the packed pixels unpack to; this one for what the header says, checked.
 * @throws Fault `data` for anything else; `place` is the file's path.
 */
export function readPng(
  bytes: Uint8Array,
  place: string,
  unpacker: Unpacker,
  { isPhoto = false, range }: PngReading = {},
): Picture {
  const { header, palette, transparency, packed, at } = chunksOf(bytes, place, unpacker);
  const view = new DataView(header.buffer, header.byteOffset);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colourType, , , interlace] = header.subarray(8);
  if (!depths[colourType]?.includes(depth) || interlace > 1) {
    const actual = `${depth} bits, colour type ${colourType}${interlace > 1 ? `, interlacing ${interlace}` : ""}`;
    throw unreadable(place, 24, "a PNG of 1 to 16 bits, colour type 0, 2, 3, 4 or 6", actual, convert);
  }
  if ((depth === 16) !== (range !== undefined)) {
    const expected = range === undefined ? "a PNG of at most 8 bits" : "a PNG of 16 bits, whose range is given";
    throw unreadable(place, 24, expected, `${depth} bits`, range === undefined ? sayRange : withoutRange);
  }
  const most = isPhoto ? limits.photoPixels : limits.imageValues;
  if (width < 1 || height < 1 || width * height > most) {
    const remedy = "make it smaller, or have it resized: data.dataset.resize, or gradus predict --resize";
    throw unreadable(place, 16, `1 to ${most} pixels`, `${width} x ${height}`, remedy);
  }
  if (colourType === 3 && palette.length === 0) throw unreadable(place, 33, "a palette", "none", takeAgain);
  if (transparency.length > 0 && colourType !== 3) {
    throw unreadable(place, 33, "opaque pixels", "a transparent colour", convert);
  }
  const passes = passesOf(width, height, interlace === 1);
  const bits = samples[colourType] * depth;
  const size = passes.reduce((sum, pass) => sum + pass.height * (Math.ceil((pass.width * bits) / 8) + 1), 0);
  const rows = unpacker.inflate(packed, "zlib", size, place, at);
  const values = valuesOf(rows, passes, width, height, samples[colourType], { depth, range }, place, at);
  return { width, height, ...planesOf(values, width, height, { colourType, depth, palette, transparency }, place) };
}

/** The chunks a picture is made of; every chunk's length and checksum are right. */
function chunksOf(bytes: Uint8Array, place: string, { crc32 }: Unpacker) {
  if (!isPng(bytes)) {
    const { what, remedy = convert } = kindOfFile(bytes) ?? { what: `${bytes.length} bytes of something else` };
    throw unreadable(place, 0, "a PNG", what, remedy);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const none = bytes.subarray(0, 0);
  const chunks = { header: none, palette: none, transparency: none, packed: none, at: 0 };
  const data: Uint8Array[] = [];
  for (let at = 8; ; ) {
    if (at + 12 > bytes.length) throw unreadable(place, at, "a chunk, the last one IEND", "the file's end", takeAgain);
    const length = view.getUint32(at);
    if (length > bytes.length - at - 12) {
      throw unreadable(place, at, `a chunk of at most ${bytes.length - at - 12} bytes`, `${length}`, takeAgain);
    }
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)) {
      throw unreadable(place, at + 8 + length, "the checksum of the chunk", "another", takeAgain);
    }
    const content = bytes.subarray(at + 8, at + 8 + length);
    const isHeader = type === "IHDR" && length === 13;
    if (isHeader !== (at === 8)) {
      const expected = at === 8 ? "the chunk IHDR of 13 bytes" : "no second header";
      throw unreadable(place, at, expected, `${shown(type)} of ${length}`, takeAgain);
    }
    if (isHeader) chunks.header = content;
    else if (type === "PLTE") chunks.palette = content;
    else if (type === "tRNS") chunks.transparency = content;
    else if (type === "IDAT") {
      if (data.length === 0) chunks.at = at + 8;
      data.push(content);
    } else if (type === "IEND") break;
    at += 12 + length;
  }
  if (data.length === 0) throw unreadable(place, 8, "a chunk IDAT", "none", takeAgain);
  return { ...chunks, packed: data.length === 1 ? data[0] : joined(data) };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function isPng(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && signature.every((byte, index) => bytes[index] === byte);
}

/** Pixels that come together: every `dx`-th of every `dy`-th row, from column `x` and row `y` on. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly width: number;
  readonly height: number;
}

/** Adam7 (PNG specification, 8.2): x, y, dx, dy of each pass. */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

function passesOf(width: number, height: number, isInterlaced: boolean): Pass[] {
  const grids = isInterlaced ? adam7 : [[0, 0, 1, 1]];
  const passes = grids.map(([x, y, dx, dy]) => {
    return { x, y, dx, dy, width: Math.ceil((width - x) / dx), height: Math.ceil((height - y) / dy) };
  });
  return passes.filter((pass) => pass.width > 0 && pass.height > 0);
}

/** The values of all pixels, [height, width, samples], a byte each whatever their depth. `rows` is unfiltered in place. */
function valuesOf(
  rows: Uint8Array,
  passes: readonly Pass[],
  width: number,
  height: number,
  each: number,
  { depth, range }: { readonly depth: number; readonly range: ByteRange | undefined },
  place: string,
  at: number,
): Uint8Array {
  const hasAlpha = each % 2 === 0;
  const values = new Uint8Array(width * height * each);
  let from = 0;
  for (const pass of passes) {
    const stride = Math.ceil((pass.width * each * depth) / 8);
    const block = rows.subarray(from, (from += pass.height * (stride + 1)));
    unfilter(block, pass.height, stride, Math.max(1, (each * depth) >> 3), place, at);
    for (let row = 0; row < pass.height; row++) {
      const start = row * (stride + 1) + 1;
      const to = (pass.y + row * pass.dy) * width + pass.x;
      for (let value = 0; value < pass.width * each; value++) {
        const bit = value * depth;
        const byte = block[start + (bit >> 3)];
        const column = each === 1 ? value : Math.floor(value / each);
        const sample = value - column * each;
        const target = (to + column * pass.dx) * each + sample;
        if (range === undefined) {
          values[target] = depth === 8 ? byte : (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
          continue;
        }
        const wide = (byte << 8) | block[start + (bit >> 3) + 1];
        // Only an alpha of 65535 is opaque.
        const scaled = hasAlpha && sample === each - 1 ? Math.floor(wide / 257) : byteOf(wide, range);
        if (scaled < 0) throw unreadable(place, at, `values from ${range[0]} to ${range[1]}`, `${wide}`, sayRange);
        values[target] = scaled;
      }
    }
  }
  return values;
}

/** Undoes the filter of each row (PNG specification, 9.2): `rows`, each behind the number of its filter, is written. */
function unfilter(rows: Uint8Array, height: number, stride: number, each: number, place: string, at: number): void {
  for (let y = 0; y < height; y++) {
    const from = y * (stride + 1) + 1;
    const filter = rows[from - 1];
    if (filter > 4) throw unreadable(place, at, "filters 0 to 4", `${filter} in row ${y}`, takeAgain);
    for (let x = from; filter > 0 && x < from + stride; x++) {
      const left = x - each >= from ? rows[x - each] : 0;
      const above = y > 0 ? rows[x - stride - 1] : 0;
      if (filter === 1) rows[x] += left;
      else if (filter === 2) rows[x] += above;
      else if (filter === 3) rows[x] += (left + above) >> 1;
      else rows[x] += paeth(left, above, y > 0 && x - each >= from ? rows[x - stride - 1 - each] : 0);
    }
  }
}

function paeth(left: number, above: number, corner: number): number {
  const [toLeft, toAbove] = [Math.abs(above - corner), Math.abs(left - corner)];
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/** How the values of pixels are colours. */
interface Colouring {
  readonly colourType: number;
  readonly depth: number;
  readonly palette: Uint8Array;
  readonly transparency: Uint8Array;
}

function planesOf(
  values: Uint8Array, // [height, width, samples]
  width: number,
  height: number,
  { colourType, depth, palette, transparency }: Colouring,
  place: string,
): Pick<Picture, "channels" | "planes"> {
  const each = samples[colourType];
  const channels = colourType === 0 || colourType === 4 ? 1 : 3;
  const plane = width * height;
  const planes = new Uint8Array(channels * plane);
  const scale = colourType === 0 && depth < 8 ? 255 / (2 ** depth - 1) : 1; // whole: 255, 85, 17 or 1
  for (let pixel = 0; pixel < plane; pixel++) {
    const from = pixel * each;
    const entry = values[from];
    const y = Math.floor(pixel / width);
    if (colourType === 3 && 3 * entry + 2 >= palette.length) {
      throw unreadable(place, 33, `colours 0 to ${palette.length / 3 - 1}`, `${entry} in row ${y}`, takeAgain);
    }
    const alpha = colourType === 3 ? (transparency[entry] ?? 255) : each % 2 === 0 ? values[from + each - 1] : 255;
    if (alpha !== 255) throw unreadable(place, 33, "opaque pixels", `an alpha of ${alpha} in row ${y}`, convert);
    for (let colour = 0; colour < channels; colour++) {
      planes[colour * plane + pixel] = colourType === 3 ? palette[3 * entry + colour] : scale * values[from + colour];
    }
  }
  return { channels, planes };
}
