import type { Dataset } from "./dataset.ts";

/**
 * How bytes become the numbers a network sees, dimension by dimension, with statistics of the training images only:
 * `standardise` (x/255 - mean)/sd, `centre` x/255 - mean (the 2018 course), `scale` x/255, `none` the bytes themselves.
 */
export type Preprocessing = "standardise" | "centre" | "scale" | "none";

/** x = byte * scale + shift, both [dimension]. */
export interface Affine {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/**
 * The affine map of a preprocessing, fitted on `training` and then used for validation and test images alike.
 * Standard deviations divide by n (NumPy's ddof 0). A dimension that is constant over the training images carries nothing
 * and has no standard deviation: `standardise` maps it to 0 everywhere (scale 0, shift 0).
 */
export function preprocessing(kind: Preprocessing, training: Dataset): Affine {
  const { dimension, count } = training;
  const scale = new Float64Array(dimension).fill(kind === "none" ? 1 : 1 / 255);
  const shift = new Float64Array(dimension);
  if (kind === "none" || kind === "scale") return { scale, shift };
  if (count === 0) throw new RangeError(`preprocessing: ${training.name} has no images`);

  let known = sumsOf.get(training);
  if (known === undefined) sumsOf.set(training, (known = byteSums(training)));
  const { sums, squares } = known;
  for (let at = 0; at < dimension; at++) {
    if (kind === "centre") {
      shift[at] = -sums[at] / (count * 255);
      continue;
    }
    // n^2 var = n sum(b^2) - sum(b)^2 exceeds 2^53 for large sets: exact in BigInt, rounded once.
    const spread = Math.sqrt(Number(BigInt(count) * BigInt(squares[at]) - BigInt(sums[at]) ** 2n));
    // (b/255 - mean)/sd = (n b - sum(b)) / (n sd of b), and n sd of b is `spread`: the 255 cancels.
    scale[at] = spread === 0 ? 0 : count / spread;
    shift[at] = spread === 0 ? 0 : -sums[at] / spread;
  }
  return { scale, shift };
}

/** Each trained member's model asks again for those of 45,000 images, which take 40 ms. */
const sumsOf = new WeakMap<Dataset, ByteSums>();

interface ByteSums {
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

/** Sum and sum of squares of the bytes of each dimension, exact: the order of the images does not matter. */
function byteSums({ images, count, dimension }: Dataset): ByteSums {
  const sums = new Float64Array(dimension);
  const squares = new Float64Array(dimension);
  const blockSums = new Uint32Array(dimension);
  const blockSquares = new Uint32Array(dimension);
  const block = 65_536; // images; 65536 * 255^2 < 2^32
  for (let from = 0; from < count; from += block) {
    const to = Math.min(from + block, count);
    blockSums.fill(0);
    blockSquares.fill(0);
    let image = from;
    for (; image + 4 <= to; image += 4) addFour(images, image * dimension, dimension, blockSums, blockSquares);
    for (; image < to; image++) addOne(images, image * dimension, dimension, blockSums, blockSquares);
    for (let at = 0; at < dimension; at++) {
      sums[at] += blockSums[at];
      squares[at] += blockSquares[at];
    }
  }
  return { sums, squares };
}

/** Adds one image to `sums` and `squares`. */
function addOne(images: Uint8Array, from: number, dimension: number, sums: Uint32Array, squares: Uint32Array): void {
  for (let at = 0; at < dimension; at++) {
    const byte = images[from + at];
    sums[at] += byte;
    squares[at] += byte * byte;
  }
}

/** Adds four consecutive images at once: the accumulators are loaded and stored once for the four. */
function addFour(images: Uint8Array, from: number, dimension: number, sums: Uint32Array, squares: Uint32Array): void {
  const second = from + dimension;
  const third = second + dimension;
  const fourth = third + dimension;
  for (let at = 0; at < dimension; at++) {
    const a = images[from + at];
    const b = images[second + at];
    const c = images[third + at];
    const d = images[fourth + at];
    sums[at] += a + b + c + d;
    squares[at] += a * a + b * b + c * c + d * d;
  }
}
