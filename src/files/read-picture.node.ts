import { isJpeg, readJpeg } from "./jpeg.node.ts";
import type { Picture, PictureSize } from "./picture.ts";
import { readPng } from "./png.node.ts";
import { resized } from "./resize.ts";

/**
 * A PNG or JPEG, by what it begins with; brought to `size` where one is given.
 * @throws Fault `data` for anything else; `place` is the file's path.
 */
export function readPicture(bytes: Uint8Array, place: string, size?: PictureSize): Picture {
  const isPhoto = size !== undefined;
  const picture = isJpeg(bytes) ? readJpeg(bytes, place, isPhoto) : readPng(bytes, place, isPhoto);
  return size === undefined ? picture : resized(picture, size);
}
