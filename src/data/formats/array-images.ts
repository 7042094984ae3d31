import { limits } from "../../files/limits.ts";
import { elementReader, type NumberArray, stridesOf, typeName } from "../../files/number-array.ts";
import { unreadable } from "../../files/unreadable.ts";

export interface Images {
  /** [count, dimension] */
  readonly images: Uint8Array;
  readonly count: number;
  readonly dimension: number;
  readonly shape?: readonly [channels: number, height: number, width: number];
}

/** One axis of what is read: how many, and elements from one to the next. */
type Axis = readonly [length: number, stride: number];

/**
 * The bytes of images from an array: [n, d], [n, h, w], [n, c, h, w] or [n, h, w, c], or MATLAB's [h, w, c, n] when `count`,
 * the number of labels, says so. Colours last become planes. Bytes that lie right already are not copied.
 * @throws Fault `data` for another shape, and for a value that is no whole number from 0 to 255
 */
export function imagesOf(array: NumberArray, count: number, place: string): Images {
  const { channels, height, width, axes } = layoutOf(array, count, place);
  const dimension = channels * height * width;
  if (count < 1 || dimension < 1 || dimension > limits.imageValues || count > limits.images) {
    const expected = `1 to ${limits.images} images of 1 to ${limits.imageValues} values`;
    throw unreadable(place, array.at, expected, `the shape [${array.shape.join(", ")}]`, "make the images smaller");
  }
  const isFlat = array.shape.length === 2;
  const known = isFlat ? flatShapes[dimension] : ([channels, height, width] as const);
  const images = bytesFrom(array, axes, place);
  return { images, count, dimension, ...(known === undefined ? {} : { shape: known }) };
}

/** Rows of so many values are what the two datasets that everybody has give: CIFAR's colours one after the other, MNIST's grey. */
export const flatShapes: Readonly<Record<number, readonly [number, number, number]>> = {
  3072: [3, 32, 32],
  784: [1, 28, 28],
};

function layoutOf(array: NumberArray, count: number, place: string) {
  const { shape } = array;
  const strides = stridesOf(array);
  const order = (...axes: number[]): Axis[] =>
    axes.map((axis) => (axis < 0 ? ([1, 0] as const) : ([shape[axis], strides[axis]] as const)));
  const found = `the shape [${shape.join(", ")}] for ${count} labels`;
  const isColour = (axis: number) => shape[axis] === 1 || shape[axis] === 3;
  const lays: { channels: number; height: number; width: number; axes: Axis[] }[] = [];
  const lay = (axes: Axis[]) => lays.push({ channels: axes[1][0], height: axes[2][0], width: axes[3][0], axes });
  if (shape.length === 2 && shape[0] === count) lay(order(0, -1, -1, 1));
  if (shape.length === 3 && shape[0] === count) lay(order(0, -1, 1, 2));
  if (shape.length === 4 && shape[0] === count) {
    if (isColour(1)) lay(order(0, 1, 2, 3));
    if (isColour(3) && !(shape[1] === 1 && shape[3] === 1)) lay(order(0, 3, 1, 2));
  }
  if (shape.length === 4 && shape[0] !== count && shape[3] === count && isColour(2)) lay(order(3, 2, 0, 1));
  if (lays.length !== 1) {
    const expected = "[n, d], [n, h, w], [n, c, h, w] or [n, h, w, c] with c 1 or 3, n the number of labels";
    const why = lays.length === 0 ? found : `${found}, where either side could be the colours`;
    throw unreadable(place, array.at, expected, why, "reshape the images, for example to [n, d]");
  }
  return lays[0];
}

function bytesFrom(array: NumberArray, axes: readonly Axis[], place: string): Uint8Array {
  const [[count, s0], [channels, s1], [height, s2], [width, s3]] = axes;
  if (isByteType(array) && s3 === 1 && inOrder(axes)) return array.bytes;
  const read = elementReader(array);
  const bytes = new Uint8Array(count * channels * height * width);
  // Images in blocks, so that an array whose first axis varies fastest is read by whole cache lines.
  const block = s0 === 1 ? 64 : 1;
  const each = channels * height * width;
  for (let first = 0; first < count; first += block) {
    const end = Math.min(first + block, count);
    let within = 0;
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++, within++) {
          const from = c * s1 + y * s2 + x * s3;
          for (let image = first; image < end; image++) {
            const value = read(from + image * s0);
            const byte = value & 255;
            if (byte !== value) throw notByte(array, from + image * s0, value, place);
            bytes[image * each + within] = byte;
          }
        }
      }
    }
  }
  return bytes;
}

function isByteType({ type }: NumberArray): boolean {
  return type === "u1" || type === "b1";
}

/** Whether the elements lie in the order in which they are wanted. */
function inOrder(axes: readonly Axis[]): boolean {
  let expected = 1;
  return [...axes].reverse().every(([length, stride]) => {
    const fits = length === 1 || stride === expected;
    expected *= length;
    return fits;
  });
}

function notByte(array: NumberArray, index: number, value: number, place: string) {
  const at = array.at + index * Number(array.type.slice(1));
  const found = `${value} in an array of ${typeName(array.type)}`;
  const remedy = 'scale the images to whole numbers from 0 to 255 first, in Python: (x * 255).round().astype("uint8")';
  return unreadable(place, at, "whole numbers from 0 to 255 as pixels", found, remedy);
}
