import { encode } from "fast-png";

/** Rows of first-layer weights, each as long as an image has numbers: what `weights.W1` of a trained network is. */
interface TemplateWeights {
  /** [rows, 3072] */
  readonly shape: readonly number[];
  /** A row is 1024 red, 1024 green and 1024 blue weights, each plane 32x32, row by row. */
  readonly values: Float32Array | Float64Array;
}

interface TemplateLayout {
  /** Templates side by side, 10 by default. */
  readonly columns?: number;
  /** Every pixel becomes a square of this side; 1 by default. */
  readonly magnification?: number;
}

const side = 32;
const plane = side * side;
const width = 3 * plane;
const gap = 1;
/** What a row without any difference shows. */
const grey = 128;
/** A weight that is NaN or infinite, in any of a pixel's three channels. */
const notFinite = [255, 0, 255];

/**
 * The rows of a weight matrix as images in a grid: a PNG file. Each row is scaled on its own from its smallest finite
 * weight, 0, to its largest, 255. What lies between templates is transparent.
 * @throws RangeError for rows that are not as long as a 32x32 image in three colours.
 */
export function weightTemplates({ shape, values }: TemplateWeights, layout: TemplateLayout = {}): Uint8Array {
  const [rows, inputs] = shape;
  if (shape.length !== 2 || inputs !== width || rows < 1 || values.length !== rows * width) {
    const actual = `[${shape.join(", ")}] with ${values.length} values`;
    throw new RangeError(`templates need weights of shape [rows, ${width}] (32x32 in three colours), not ${actual}`);
  }
  const columns = Math.min(rows, whole("columns", layout.columns ?? 10));
  const magnification = whole("magnification", layout.magnification ?? 1);
  const across = columns * (side + gap) - gap;
  const down = Math.ceil(rows / columns) * (side + gap) - gap;
  const pixels = new Uint8Array(across * down * 4);
  for (let row = 0; row < rows; row++) {
    const corner = Math.floor(row / columns) * (side + gap) * across + (row % columns) * (side + gap);
    paint(pixels, corner, across, values.subarray(row * width, (row + 1) * width));
  }
  const data = magnified(pixels, across, magnification);
  return encode({ width: across * magnification, height: down * magnification, data, channels: 4, depth: 8 });
}

/** Writes one template into `pixels`, its upper left corner at the pixel `corner`. */
function paint(pixels: Uint8Array, corner: number, across: number, row: Float32Array | Float64Array): void {
  const colour = coloursOf(row, [0, plane, 2 * plane]);
  for (let at = 0; at < plane; at++) {
    const to = 4 * (corner + Math.floor(at / side) * across + (at % side));
    colour(at, pixels, to);
    pixels[to + 3] = 255;
  }
}

/** Writes the colour of a pixel of a row, whose red, green and blue weights begin at `planes`, into three bytes. */
function coloursOf(row: Float32Array | Float64Array, [red, green, blue]: readonly [number, number, number]) {
  const brightness = brightnessOf(row);
  return (at: number, into: Uint8Array, to: number): void => {
    const [r, g, b] = [row[red + at], row[green + at], row[blue + at]];
    const areFinite = Number.isFinite(r) && Number.isFinite(g) && Number.isFinite(b);
    into[to] = areFinite ? brightness(r) : notFinite[0];
    into[to + 1] = areFinite ? brightness(g) : notFinite[1];
    into[to + 2] = areFinite ? brightness(b) : notFinite[2];
  };
}

function brightnessOf(row: Float32Array | Float64Array): (weight: number) => number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const weight of row) {
    if (!Number.isFinite(weight)) continue;
    low = Math.min(low, weight);
    high = Math.max(high, weight);
  }
  const span = high / 2 - low / 2; // halves: the whole may overflow
  return (weight) => (span > 0 ? Math.round(255 * ((weight / 2 - low / 2) / span)) : grey);
}

/** RGBA pixels of a picture `across` wide, each repeated `times` to the right and down. */
function magnified(pixels: Uint8Array, across: number, times: number): Uint8Array {
  if (times === 1) return pixels;
  const from = new Uint32Array(pixels.buffer);
  const to = new Uint32Array(from.length * times * times);
  for (let at = 0; at < to.length; at++) {
    const y = Math.floor(at / (across * times));
    const x = at % (across * times);
    to[at] = from[Math.floor(y / times) * across + Math.floor(x / times)];
  }
  return new Uint8Array(to.buffer);
}

function whole(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name}: ${value} is no whole number from 1 on`);
  return value;
}

/**
 * One row of first-layer weights as a PNG of an image's size, from its smallest finite weight, 0, to its largest, 255: the
 * course's normalisation.
 * @throws RangeError for a row that is not as long as an image of the shape, or colours that are neither one nor three
 */
export function templateImage(
  row: Float32Array | Float64Array,
  [channels, height, width]: readonly [channels: number, height: number, width: number],
): Uint8Array {
  const plane = height * width;
  if ((channels !== 1 && channels !== 3) || row.length !== channels * plane) {
    throw new RangeError(`a template of ${row.length} weights is no image of ${channels} x ${height} x ${width}`);
  }
  const colour = coloursOf(row, channels === 1 ? [0, 0, 0] : [0, plane, 2 * plane]);
  const data = new Uint8Array(3 * plane);
  for (let at = 0; at < plane; at++) colour(at, data, 3 * at);
  return encode({ width, height, data, channels: 3, depth: 8 });
}

/** An image's bytes as a PNG. @throws RangeError as `templateImage` */
export function imagePng(
  bytes: Uint8Array,
  [channels, height, width]: readonly [channels: number, height: number, width: number],
): Uint8Array {
  const plane = height * width;
  if ((channels !== 1 && channels !== 3) || bytes.length !== channels * plane) {
    throw new RangeError(`${bytes.length} bytes are no image of ${channels} x ${height} x ${width}`);
  }
  const data = new Uint8Array(3 * plane);
  for (let at = 0; at < 3 * plane; at++)
    data[at] = bytes[channels === 1 ? Math.floor(at / 3) : (at % 3) * plane + Math.floor(at / 3)];
  return encode({ width, height, data, channels: 3, depth: 8 });
}
