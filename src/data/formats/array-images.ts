import { byteOf } from "../../files/byte-of.ts";
import { limits } from "../../files/limits.ts";
import { elementReader, type NumberArray, typeName } from "../../files/number-array.ts";
import { unreadable } from "../../files/unreadable.ts";
import { type Axis, layoutOf } from "./array-layout.ts";
import { rangeRemedy } from "./range-remedy.ts";
import type { ReadingOptions } from "./reading-options.ts";

interface Images {
  /** [count, dimension] */
  readonly images: Uint8Array;
  readonly count: number;
  readonly dimension: number;
  readonly shape?: readonly [channels: number, height: number, width: number];
}

/** Images, and the letters of the layout in which they lay. */
type LaidOut = Images & { readonly layout: string };

/**
 * The bytes of images from an array of `count` images in one of the layouts of `array-layout.ts`. Colours last become planes.
 * Bytes that lie right already are not copied.
 * @throws Fault `data` for another shape, and for a value that is no whole number from 0 to 255, or outside `range`
 */
export function imagesOf(array: NumberArray, count: number, options: ReadingOptions, place: string): LaidOut {
  const { letters, axes } = layoutOf(array, count, options.layout, place);
  const [, [channels], [height], [width]] = axes;
  const dimension = channels * height * width;
  if (count < 1 || dimension < 1 || dimension > limits.imageValues || count > limits.images) {
    const expected = `1 to ${limits.images} images of 1 to ${limits.imageValues} values`;
    throw unreadable(place, array.at, expected, `the shape [${array.shape.join(", ")}]`, "make the images smaller");
  }
  const known = letters.includes("d") ? flatShapes[dimension] : ([channels, height, width] as const);
  const images = bytesFrom(array, axes, options.range, place);
  return { images, count, dimension, layout: letters, ...(known === undefined ? {} : { shape: known }) };
}

/** Rows of so many values are what the two datasets that everybody has give: CIFAR's colours one after the other, MNIST's grey. */
export const flatShapes: Readonly<Record<number, readonly [number, number, number]>> = {
  3072: [3, 32, 32],
  784: [1, 28, 28],
};

function bytesFrom(
  array: NumberArray,
  axes: readonly Axis[],
  range: ReadingOptions["range"],
  place: string,
): Uint8Array {
  const [[count, s0], [channels, s1], [height, s2], [width, s3]] = axes;
  if (range === undefined && isByteType(array) && inOrder(axes)) return array.bytes;
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
            const byte = range === undefined ? value & 255 : byteOf(value, range);
            if (byte !== value && (range === undefined || byte < 0)) {
              throw notByte(array, from + image * s0, value, range, place);
            }
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

function notByte(array: NumberArray, index: number, value: number, range: ReadingOptions["range"], place: string) {
  const at = array.at + index * Number(array.type.slice(1));
  const actual = `${value} in an array of ${typeName(array.type)}`;
  const [expected, remedy] =
    range === undefined
      ? ["whole numbers from 0 to 255 as pixels", rangeRemedy]
      : [`values from ${range[0]} to ${range[1]}`, "give a data.dataset.range that holds all values"];
  return unreadable(place, at, expected, actual, remedy);
}
