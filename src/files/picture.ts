import type { ByteRange } from "./byte-of.ts";

/** A picture: the bytes of one colour after the other, each row-major. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** [channels, height, width] */
  readonly planes: Uint8Array<ArrayBuffer>;
}

/** Height and width that a picture is brought to. */
export type PictureSize = readonly [height: number, width: number];

/** How a picture is read, where it is not to be taken as it is. */
export interface PictureReading {
  /** What it is brought to, by area average. */
  readonly size?: PictureSize | undefined;
  /** The values of 16 bits that become byte 0 and byte 255; without it such a picture is refused. */
  readonly range?: ByteRange | undefined;
}

/** Decodes pictures. */
export interface PictureReader {
  /** @throws Fault `data` for what is no picture, and for one that ends the decoder or keeps it too long */
  read(bytes: Uint8Array, place: string, reading?: PictureReading): Promise<Picture>;
  close(): Promise<void>;
}

/** The same picture in grey, where all its colours are grey; undefined where one is not. */
export function inGrey(picture: Picture): Picture | undefined {
  const { width, height, planes, channels } = picture;
  if (channels === 1) return picture;
  const plane = width * height;
  for (let pixel = 0; pixel < plane; pixel++) {
    if (planes[pixel] !== planes[plane + pixel] || planes[pixel] !== planes[2 * plane + pixel]) return undefined;
  }
  return { width, height, channels: 1, planes: planes.slice(0, plane) };
}

/** The same picture in three colours. */
export function inColour(picture: Picture): Picture {
  const { width, height, planes, channels } = picture;
  if (channels === 3) return picture;
  const tripled = new Uint8Array(3 * planes.length);
  for (const colour of [0, 1, 2]) tripled.set(planes, colour * planes.length);
  return { width, height, channels: 3, planes: tripled };
}
