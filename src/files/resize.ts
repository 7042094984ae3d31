import type { Picture, PictureSize } from "./picture.ts";
import { type Pixels, pictureOf } from "./pixels.ts";

/** What an output pixel takes of one input line: from which pixel on, and how much of each, summing to 1. */
interface Window {
  readonly from: number;
  readonly weights: Float64Array;
}

/**
 * A picture of another size by area average: each new pixel is the mean of what it covers, parts of pixels by their part. The whole
 * picture is kept, so that other proportions stretch it. Halves are rounded up.
 */
export function resized(pixels: Pixels, [newHeight, newWidth]: PictureSize): Picture {
  const { width, height, channels, bytes, origin, channelStep, rowStep, columnStep } = pixels;
  if (width === newWidth && height === newHeight) return pictureOf(pixels);
  const [across, down] = [windows(width, newWidth), windows(height, newHeight)];
  const planes = new Uint8Array(channels * newHeight * newWidth);
  const line = new Float64Array(width);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < newHeight; y++) {
      line.fill(0);
      for (let row = 0; row < down[y].weights.length; row++) {
        const weight = down[y].weights[row];
        let at = origin + channel * channelStep + (down[y].from + row) * rowStep;
        for (let x = 0; x < width; x++, at += columnStep) line[x] += weight * bytes[at];
      }
      const to = (channel * newHeight + y) * newWidth;
      for (let x = 0; x < newWidth; x++) {
        const { from, weights } = across[x];
        let sum = 0;
        for (let at = 0; at < weights.length; at++) sum += weights[at] * line[from + at];
        // A mean of equal bytes is that byte: what rounding left of it is far below the thousandth.
        planes[to + x] = Math.floor(sum + 0.5 + 1e-9);
      }
    }
  }
  return { width: newWidth, height: newHeight, channels, planes };
}

function windows(size: number, newSize: number): Window[] {
  const scale = size / newSize;
  return Array.from({ length: newSize }, (_, index) => {
    const [start, end] = [index * scale, Math.min(size, (index + 1) * scale)];
    const from = Math.min(Math.floor(start), size - 1);
    const count = Math.max(1, Math.ceil(end) - from);
    const weights = Float64Array.from({ length: count }, (_, at) => {
      const covered = Math.min(end, from + at + 1) - Math.max(start, from + at);
      return Math.max(0, covered) / (end - start);
    });
    return { from, weights };
  });
}
