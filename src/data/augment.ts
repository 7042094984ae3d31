import { stream } from "../math/random/stream.ts";

/** How training images are changed before each use. The description is data; `augmentImage` gives it its meaning. */
export interface AugmentDescription {
  /** Probability of a mirror image. */
  readonly flip: number;
  /** Pixels by which an image is moved at most, up or down and left or right. */
  readonly translate: number;
  /** What comes in where an image is moved: the mean training image, the image's nearest pixel, or black. */
  readonly border: "mean" | "edge" | "black";
  /** Brightness and contrast change by up to this part. */
  readonly jitter: number;
  /** Standard deviation of what is added to each number of a pixel, as a part of 255. */
  readonly noise: number;
  /** Side in pixels of a square that is covered with the mean training image. */
  readonly cutout: number;
  /** alpha of the Beta distribution by which an image is mixed with another; absent or 0 for none. See `mixup.ts`. */
  readonly mixup?: number | undefined;
}

export type PictureShape = readonly [channels: number, height: number, width: number];

/** What is drawn for one image in one epoch. */
interface Draws {
  readonly isFlipped: boolean;
  /** Pixels down and to the right. */
  readonly down: number;
  readonly right: number;
  /** Added, and what the distance from the mean is multiplied by. */
  readonly brightness: number;
  readonly contrast: number;
  /** Row and column of the pixel at whose upper left the square's middle lies. */
  readonly row: number;
  readonly column: number;
}

/** A function of (seed, epoch, image) alone: turning one augmentation on moves no other's draws. */
export function drawsFor(
  { flip, translate, jitter }: AugmentDescription,
  [, height, width]: PictureShape,
  seed: number,
  epoch: number,
  image: number,
): Draws {
  const [mirror, vertical, horizontal, bright, contrast, row, column] = stream(seed, "augment", epoch, image).random(7);
  const moved = (value: number) => Math.floor(value * (2 * translate + 1)) - translate;
  return {
    isFlipped: mirror < flip,
    down: moved(vertical),
    right: moved(horizontal),
    brightness: (2 * bright - 1) * jitter * 255,
    contrast: 1 + (2 * contrast - 1) * jitter,
    row: Math.floor(row * height),
    column: Math.floor(column * width),
  };
}

/** Mirrors, moves, jitters, adds noise and covers, in this order; each number stays a byte, rounded and at most 255. */
export function augmentImage(
  target: Uint8Array, // written, [channels, height, width]
  image: Uint8Array, // the same
  mean: Uint8Array, // the same, of the training images
  shape: PictureShape,
  { border, jitter, cutout }: AugmentDescription,
  draws: Draws,
  noise: ArrayLike<number> | undefined, // one an entry, in bytes
): void {
  place(target, image, mean, shape, border, draws);
  if (jitter > 0) changeLight(target, draws);
  if (noise !== undefined) for (let i = 0; i < target.length; i++) target[i] = byte(target[i] + noise[i]);
  if (cutout > 0) cover(target, mean, shape, cutout, draws);
}

// target[y, x] = image[y - down, x - right], mirrored where it is flipped.
function place(
  target: Uint8Array,
  image: Uint8Array,
  mean: Uint8Array,
  [channels, height, width]: PictureShape,
  border: AugmentDescription["border"],
  { isFlipped, down, right }: Draws,
): void {
  const [left, end] = [Math.max(0, right), width + Math.min(0, right)]; // columns into which the image's own come
  const [first, by] = isFlipped ? [width - 1 - (left - right), -1] : [left - right, 1]; // what comes into the left one
  for (let row = 0; row < channels * height; row++) {
    const y = (row % height) - down;
    const at = row * width;
    if (border !== "edge" && (y < 0 || y >= height)) {
      fill(target, at, at + width, border, mean);
      continue;
    }
    const from = (row - (row % height) + Math.min(Math.max(y, 0), height - 1)) * width;
    let source = from + first;
    for (let to = at + left; to < at + end; to++, source += by) target[to] = image[source];
    if (border === "edge") {
      target.fill(target[at + left], at, at + left);
      target.fill(target[at + end - 1], at + end, at + width);
    } else {
      fill(target, at, at + left, border, mean);
      fill(target, at + end, at + width, border, mean);
    }
  }
}

function fill(target: Uint8Array, from: number, to: number, border: "mean" | "black", mean: Uint8Array): void {
  for (let at = from; at < to; at++) target[at] = border === "mean" ? mean[at] : 0;
}

// v <- m + contrast (v - m) + brightness, m the image's mean.
function changeLight(target: Uint8Array, { brightness, contrast }: Draws): void {
  const middle = target.reduce((sum, value) => sum + value, 0) / target.length;
  for (let i = 0; i < target.length; i++) target[i] = byte(middle + contrast * (target[i] - middle) + brightness);
}

// A square about a pixel; what reaches beyond the image is cut off (DeVries and Taylor 2017).
function cover(
  target: Uint8Array,
  mean: Uint8Array,
  [channels, height, width]: PictureShape,
  side: number,
  draws: Draws,
): void {
  const top = draws.row - Math.floor(side / 2);
  const left = draws.column - Math.floor(side / 2);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = Math.max(0, top); y < Math.min(height, top + side); y++) {
      const row = (channel * height + y) * width;
      const [from, to] = [row + Math.max(0, left), row + Math.min(width, left + side)];
      target.set(mean.subarray(from, to), from);
    }
  }
}

function byte(value: number): number {
  return Math.min(255, Math.max(0, Math.floor(value + 0.5)));
}
