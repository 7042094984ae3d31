import { nodeUnpacker } from "./inflate.node.ts";
import { isJpeg, jpegPixels } from "./jpeg.node.ts";
import type { Picture, PictureReading } from "./picture.ts";
import { type Pixels, pictureOf, pixelsOf } from "./pixels.ts";
import { readPng, withoutRange } from "./png.ts";
import { resized } from "./resize.ts";
import { unreadable } from "./unreadable.ts";

/**
 * A PNG or JPEG, by what it begins with; brought to `size` where one is given.
 * @throws Fault `data` for anything else; `place` is the file's path.
 */
export function readPicture(bytes: Uint8Array, place: string, { size, range }: PictureReading = {}): Picture {
  const isPhoto = size !== undefined;
  if (range !== undefined && isJpeg(bytes)) {
    throw unreadable(place, 0, "a PNG of 16 bits, whose range is given", "a JPEG, of 8 bits", withoutRange);
  }
  const pixels: Pixels = isJpeg(bytes)
    ? jpegPixels(bytes, place, isPhoto)
    : pixelsOf(readPng(bytes, place, nodeUnpacker, { isPhoto, range }));
  return size === undefined ? pictureOf(pixels) : resized(pixels, size);
}
