import { crc32 } from "node:zlib";
import { inflate } from "./inflate.node.ts";
import { limits } from "./limits.ts";
import { shown, takeAgain, unreadable } from "./unreadable.ts";

/** A picture: the bytes of one colour after the other, each row-major. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** [channels, height, width] */
  readonly planes: Uint8Array;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const convert = "save it as a PNG of 8 bits a colour, grey or RGB, without transparency or interlacing";
/** Bytes a pixel by colour type (PNG specification, 11.2.1): grey, RGB, palette, grey and alpha, RGB and alpha. */
const pixelBytes: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Reads a PNG of 8 bits: grey, RGB, a palette (which becomes RGB), or with an alpha that is opaque everywhere.
 * The decoder of fast-png makes room for whatever the packed pixels unpack to; this one for what the header says, checked.
 * @throws Fault `data` for anything else; `place` is the file's path.
 */
export function readPng(bytes: Uint8Array, place: string): Picture {
  const { header, palette, transparency, packed, at } = chunksOf(bytes, place);
  const view = new DataView(header.buffer, header.byteOffset);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colourType, , , interlaced] = header.subarray(8);
  const each = pixelBytes[colourType];
  if (depth !== 8 || each === undefined || interlaced !== 0) {
    const found = `${depth} bits, colour type ${colourType}${interlaced === 0 ? "" : ", interlaced"}`;
    throw unreadable(place, 24, "a PNG of 8 bits, colour type 0, 2, 3, 4 or 6, not interlaced", found, convert);
  }
  if (width < 1 || height < 1 || width * height > limits.imageValues) {
    const remedy = "make the picture smaller: every value is an input of the network";
    throw unreadable(place, 16, `1 to ${limits.imageValues} pixels`, `${width} x ${height}`, remedy);
  }
  if (colourType === 3 && palette.length === 0) throw unreadable(place, 33, "a palette", "none", takeAgain);
  if (transparency.length > 0 && colourType !== 3) {
    throw unreadable(place, 33, "opaque pixels", "a transparent colour", convert);
  }
  const rows = inflate(packed, "zlib", height * (width * each + 1), place, at);
  unfilter(rows, height, width * each, each, place, at);
  return { width, height, ...planesOf(rows, width, height, colourType, palette, transparency, place) };
}

/** The chunks a picture is made of; every chunk's length and checksum are right. */
function chunksOf(bytes: Uint8Array, place: string) {
  if (!isPng(bytes)) {
    throw unreadable(place, 0, "a PNG", `${bytes.length} bytes of something else`, convert);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const none = bytes.subarray(0, 0);
  const found = { header: none, palette: none, transparency: none, packed: none, at: 0 };
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
    if (isHeader) found.header = content;
    else if (type === "PLTE") found.palette = content;
    else if (type === "tRNS") found.transparency = content;
    else if (type === "IDAT") {
      if (data.length === 0) found.at = at + 8;
      data.push(content);
    } else if (type === "IEND") break;
    at += 12 + length;
  }
  if (data.length === 0) throw unreadable(place, 8, "a chunk IDAT", "none", takeAgain);
  return { ...found, packed: data.length === 1 ? data[0] : Buffer.concat(data) };
}

export function isPng(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && signature.every((byte, index) => bytes[index] === byte);
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

function planesOf(
  rows: Uint8Array,
  width: number,
  height: number,
  colourType: number,
  palette: Uint8Array,
  transparency: Uint8Array,
  place: string,
): { channels: 1 | 3; planes: Uint8Array } {
  const each = pixelBytes[colourType];
  const channels = colourType === 0 || colourType === 4 ? 1 : 3;
  const plane = width * height;
  const planes = new Uint8Array(channels * plane);
  for (let pixel = 0; pixel < plane; pixel++) {
    const y = Math.floor(pixel / width);
    const from = pixel * each + y + 1;
    const entry = rows[from];
    if (colourType === 3 && 3 * entry + 2 >= palette.length) {
      throw unreadable(place, 33, `colours 0 to ${palette.length / 3 - 1}`, `${entry} in row ${y}`, takeAgain);
    }
    const alpha = colourType === 3 ? (transparency[entry] ?? 255) : each % 2 === 0 ? rows[from + each - 1] : 255;
    if (alpha !== 255) throw unreadable(place, 33, "opaque pixels", `an alpha of ${alpha} in row ${y}`, convert);
    for (let colour = 0; colour < channels; colour++) {
      planes[colour * plane + pixel] = colourType === 3 ? palette[3 * entry + colour] : rows[from + colour];
    }
  }
  return { channels, planes };
}
