import { Fault } from "../fault/fault.ts";

/** Labelled images as bytes: what every reader of this room returns and every network is fed from. */
export interface Dataset {
  /** Where the images came from, e.g. `data_batch_1`, or `data_batch_1[0:100]` for a slice of it. */
  readonly name: string;
  /** [count, dimension], one image after the other; CIFAR-10: 1024 red, 1024 green, 1024 blue, each 32 x 32 row-major. */
  readonly images: Uint8Array;
  /** [count], an index into `classes` for each image. */
  readonly labels: Uint8Array;
  readonly count: number;
  /** Bytes of one image. */
  readonly dimension: number;
  readonly classes: readonly string[];
  /** How an image's bytes are a picture: channels x height x width is `dimension`. Absent where nothing says. */
  readonly shape?: readonly [channels: number, height: number, width: number];
  /** How images and labels were found where a file does not say: a sentence each. */
  readonly reading?: readonly string[];
}

/**
 * Refuses a dataset that is not what it says: sizes that do not fit, or a label without a class.
 * @throws Fault `data`
 */
export function requireDataset({ images, labels, count, dimension, classes }: Dataset, place: string): void {
  const refuse = (complaint: string, remedy: string) => {
    throw new Fault("data", place, complaint, remedy);
  };
  if (images.length !== count * dimension) {
    refuse(`${images.length} bytes for ${count} images of ${dimension}`, "give count times dimension bytes");
  }
  if (labels.length !== count) refuse(`${labels.length} labels for ${count} images`, "give one label an image");
  const stranger = labels.findIndex((label) => label >= classes.length);
  if (stranger >= 0) {
    refuse(
      `image ${stranger} has the label ${labels[stranger]}, and there are ${classes.length} classes`,
      "give labels from 0 to the number of classes less one",
    );
  }
}

/**
 * All images of `parts` in their order. One part comes back as it is, and parts that lie one after the other in memory
 * (as a reader may load them) become one view; otherwise they are copied into one block.
 */
export function concatenate(parts: readonly Dataset[]): Dataset {
  const [first] = parts;
  if (first === undefined) throw new RangeError("concatenate: no parts");
  if (parts.length === 1) return first;
  const stranger = parts.find(
    (part) => part.dimension !== first.dimension || part.classes.join() !== first.classes.join(),
  );
  if (stranger !== undefined) {
    throw new RangeError(`concatenate: ${stranger.name} has other dimensions or classes than ${first.name}`);
  }
  return {
    ...first,
    name: parts.map((part) => part.name).join("+"),
    images: joined(parts.map((part) => part.images)),
    labels: joined(parts.map((part) => part.labels)),
    count: parts.reduce((sum, part) => sum + part.count, 0),
  };
}

function joined(blocks: readonly Uint8Array[]): Uint8Array {
  const length = blocks.reduce((sum, block) => sum + block.length, 0);
  const { buffer, byteOffset } = blocks[0];
  let end = byteOffset;
  const adjacent = blocks.every(
    (block) => block.buffer === buffer && block.byteOffset === end && (end += block.length),
  );
  if (adjacent) return new Uint8Array(buffer, byteOffset, length);
  const copy = new Uint8Array(length);
  let at = 0;
  for (const block of blocks) {
    copy.set(block, at);
    at += block.length;
  }
  return copy;
}

/** Images `from` (included) to `to` (excluded), 0 <= from <= to <= count: views of the same bytes, nothing is copied. */
export function slice(dataset: Dataset, from: number, to: number): Dataset {
  const { name, images, labels, count, dimension } = dataset;
  if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from <= to && to <= count)) {
    throw new RangeError(`slice: ${from} to ${to} is not inside the ${count} images of ${name}`);
  }
  if (from === 0 && to === count) return dataset;
  return {
    ...dataset,
    name: `${name}[${from}:${to}]`,
    images: images.subarray(from * dimension, to * dimension),
    labels: labels.subarray(from, to),
    count: to - from,
  };
}

/** Images of each class, [classes.length]. */
export function classCounts(dataset: Dataset): number[] {
  const counts = new Array<number>(dataset.classes.length).fill(0);
  for (const label of dataset.labels) counts[label]++;
  return counts;
}

/** Mean and standard deviation (divisor n) of one colour over all pixels, in bytes: 0 to 255. */
export interface ChannelStatistics {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Statistics of each of the `channels` equal parts of an image, over all images of all `parts`.
 * The sums are integers, so the order of the images does not show in the result.
 */
export function channelStatistics(parts: readonly Dataset[], channels = 3): ChannelStatistics[] {
  return Array.from({ length: channels }, (_, channel) => {
    let pixels = 0;
    let sum = 0;
    let squares = 0;
    for (const { images, count, dimension } of parts) {
      const plane = dimension / channels;
      for (let image = 0; image < count; image++) {
        const from = image * dimension + channel * plane;
        // One plane's sums stay below 2^31 up to 33,025 pixels: small integers, several times faster than doubles.
        let planeSum = 0;
        let planeSquares = 0;
        for (let at = from; at < from + plane; at++) {
          const byte = images[at];
          planeSum += byte;
          planeSquares += byte * byte;
        }
        sum += planeSum;
        squares += planeSquares;
      }
      pixels += count * plane;
    }
    const mean = sum / pixels;
    return { mean, deviation: Math.sqrt(squares / pixels - mean * mean) };
  });
}
