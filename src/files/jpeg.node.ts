import { decodeJpeg } from "./jpeg-turbo.node.ts";
import { limits } from "./limits.ts";
import type { Picture } from "./picture.ts";
import { type Pixels, pictureOf, upright } from "./pixels.ts";
import { takeAgain, unreadable } from "./unreadable.ts";

// JPEG (ITU-T T.81), decoded by libjpeg-turbo 2 in WebAssembly. Another decoder's pixels may differ by a few levels: the standard
// leaves the rounding of the inverse transform and the smoothing of colours open.

interface JpegHeader {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly bits: number;
  /** How the camera was held (Exif, tag 0x0112): 1 upright, 3, 6 and 8 turned, others mirrored. */
  readonly orientation: number;
  /** Of the frame's segment. */
  readonly at: number;
}

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** What the segments before the pixels say; undefined for what is no JPEG. */
function jpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  if (!isJpeg(bytes)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let orientation = 1;
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff) return undefined;
    if (marker === 0xff) {
      at += 1; // a filling byte
      continue;
    }
    const length = view.getUint16(at + 2);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame && at + 10 <= bytes.length) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return { width, height, components: bytes[at + 9], bits: bytes[at + 4], orientation, at };
    }
    if (marker === 0xe1)
      orientation = orientationIn(view, at + 4, Math.min(bytes.length, at + 2 + length)) ?? orientation;
    if (length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
}

/** The tag 0x0112 of Exif's first directory, which is one of TIFF's. */
function orientationIn(view: DataView, from: number, end: number): number | undefined {
  const tiff = from + 6;
  if (tiff + 8 > end || view.getUint32(from) !== 0x45786966) return undefined;
  const isLittleEndian = view.getUint16(tiff) === 0x4949;
  const directory = tiff + view.getUint32(tiff + 4, isLittleEndian);
  if (directory + 2 > end) return undefined;
  const count = view.getUint16(directory, isLittleEndian);
  for (let entry = directory + 2; entry < directory + 2 + 12 * count && entry + 12 <= end; entry += 12) {
    if (view.getUint16(entry, isLittleEndian) === 0x0112) return view.getUint16(entry + 8, isLittleEndian);
  }
  return undefined;
}

/** @throws Fault `data` for a picture that is damaged, too large, or of a kind that cannot be read */
export function readJpeg(bytes: Uint8Array, place: string, isPhoto: boolean): Picture {
  return pictureOf(jpegPixels(bytes, place, isPhoto));
}

/** The same as the decoder leaves them: to make a photo small, nobody has to put its colours apart first. @throws Fault as `readJpeg` */
export function jpegPixels(bytes: Uint8Array, place: string, isPhoto: boolean): Pixels {
  const header = jpegHeader(bytes);
  if (header === undefined) throw unreadable(place, 0, "a JPEG with a frame", "none", takeAgain);
  const { width, height, components, bits, orientation, at } = header;
  const most = isPhoto ? limits.photoPixels : limits.imageValues;
  if (width < 1 || height < 1 || width * height > most) {
    const remedy = "make it smaller, or have it resized: data.dataset.resize, or gradus predict --resize";
    throw unreadable(place, at, `1 to ${most} pixels`, `${width} x ${height}`, remedy);
  }
  if (bits !== 8 || (components !== 1 && components !== 3)) {
    const actual = `${bits} bits of ${components} colours`;
    throw unreadable(place, at, "8 bits in grey or three colours", actual, "save it as RGB, as PNG or JPEG");
  }
  if (orientation < 1 || orientation > 8) throw unreadable(place, at, "an orientation", `${orientation}`, takeAgain);
  const channels = components === 1 ? 1 : 3;
  const pixels = decoded(bytes, width, height, channels);
  if (pixels === undefined) throw unreadable(place, at, "the pixels of a JPEG", "damaged data", takeAgain);
  const steps = { origin: 0, channelStep: 1, rowStep: width * channels, columnStep: channels };
  return upright({ width, height, channels, bytes: pixels, ...steps }, orientation);
}

function decoded(bytes: Uint8Array, width: number, height: number, channels: 1 | 3): Uint8Array | undefined {
  try {
    return decodeJpeg(bytes, width, height, channels);
  } catch (cause) {
    // Out of a damaged picture, or of one for which there is no memory, the decoder jumps or traps.
    if (cause instanceof RangeError || cause instanceof WebAssembly.RuntimeError) return undefined;
    throw cause;
  }
}
