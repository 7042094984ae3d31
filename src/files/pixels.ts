import type { Picture } from "./picture.ts";

/**
 * A picture's bytes as a decoder leaves them: that of (channel, row, column) is
 * `bytes[origin + channel * channelStep + row * rowStep + column * columnStep]`.
 */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly bytes: Uint8Array;
  readonly origin: number;
  readonly channelStep: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

export function pixelsOf({ width, height, channels, planes }: Picture): Pixels {
  const steps = { origin: 0, channelStep: width * height, rowStep: width, columnStep: 1 };
  return { width, height, channels, bytes: planes, ...steps };
}

/** The same with the bytes of one colour after the other, row by row. */
export function pictureOf({ width, height, channels, bytes, ...steps }: Pixels): Picture {
  const { origin, channelStep, rowStep, columnStep } = steps;
  const planes = new Uint8Array(channels * height * width);
  let to = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < height; y++) {
      const from = origin + channel * channelStep + y * rowStep;
      for (let x = 0; x < width; x++) planes[to++] = bytes[from + x * columnStep];
    }
  }
  return { width, height, channels, planes };
}

/** The picture as it was seen: `orientation` names where the stored first row and column are (Exif 2.3, 4.6.4). */
export function upright(pixels: Pixels, orientation: number): Pixels {
  const { width, height, origin, rowStep, columnStep } = pixels;
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBelow = [3, 4, 6, 7].includes(orientation);
  const first = origin + (fromRight ? (width - 1) * columnStep : 0) + (fromBelow ? (height - 1) * rowStep : 0);
  const along = fromRight ? -columnStep : columnStep;
  const down = fromBelow ? -rowStep : rowStep;
  if (orientation < 5) return { ...pixels, origin: first, rowStep: down, columnStep: along };
  return { ...pixels, width: height, height: width, origin: first, rowStep: along, columnStep: down };
}
