import { type AugmentDescription, augmentImage, drawsFor, type PictureShape } from "../data/augment.ts";
import { mixFor, mixImages } from "../data/mixup.ts";
import type { Split } from "../data/splits.ts";
import { Fault } from "../fault/fault.ts";
import type { Device, ImageSet, Mixture, Standardisation, Tensor } from "../math/device.ts";
import { stream } from "../math/random/stream.ts";
import type { Spec } from "../record/spec.ts";

/** Changes images before they are brought in; a function of (seed, epoch, image). */
export interface Augmentation {
  /** Second labels, where images are mixed. */
  readonly mixture: Mixture | undefined;
  /** Brings images `rows`, changed as epoch `epoch` wants them, into a batch. */
  gather(x: Tensor, labels: Tensor, rows: Uint32Array, epoch: number): void;
}

/** What changes the images of runs that share batches; undefined where a spec wants none changed. */
export function createAugmentation(
  device: Device,
  { data, standardisation }: { readonly data: Split; readonly standardisation: Standardisation },
  { seed, data: { augment, orderSeed } }: Spec,
  batch: number,
): Augmentation | undefined {
  if (augment === undefined) return undefined;
  const { images, labels, dimension, shape, count } = data.train;
  if (shape === undefined) throw new RangeError("createAugmentation: a plan that was not made");
  const { mixup = 0 } = augment;
  const bytes = new Uint8Array(batch * dimension);
  const other = new Uint8Array(dimension);
  const every = Uint32Array.from({ length: batch }, (_, j) => j);
  const mean = meanImage(images, dimension);
  const drawSeed = orderSeed ?? seed;
  const column = () => device.tensor([1, 1, batch]);
  const mixture = mixup > 0 ? { labels: column(), share: column() } : undefined;
  let heldImages: ImageSet | undefined; // until the next batch is there: a device may read its images late

  /** Image `row` as epoch `epoch` wants it, before it is mixed. */
  function change(target: Uint8Array, row: number, epoch: number): void {
    if (augment === undefined || shape === undefined) return;
    const image = images.subarray(row * dimension, (row + 1) * dimension);
    const draws = drawsFor(augment, shape, drawSeed, epoch, row);
    augmentImage(target, image, mean, shape, augment, draws, noiseFor(augment, drawSeed, epoch, row, dimension));
  }

  return {
    mixture,
    gather(x, y, rows, epoch) {
      const mixes = [...rows].flatMap((row, j) => {
        const target = bytes.subarray(j * dimension, (j + 1) * dimension);
        change(target, row, epoch);
        if (mixture === undefined) return [];
        const mix = mixFor(mixup, drawSeed, epoch, row, count);
        change(other, mix.other, epoch);
        mixImages(target, other, mix.share);
        return [mix];
      });
      const changed = device.upload(
        bytes,
        Uint8Array.from(rows, (row) => labels[row]),
      );
      device.gather(x, y, changed, every, standardisation);
      if (mixture !== undefined) {
        const second = mixes.map((mix) => labels[mix.other]);
        device.write(mixture.labels, second);
        device.write(
          mixture.share,
          mixes.map(({ share }) => share),
        );
      }
      if (heldImages !== undefined) device.release(heldImages);
      heldImages = changed;
    },
  };
}

function noiseFor({ noise }: AugmentDescription, seed: number, epoch: number, image: number, count: number) {
  if (noise === 0) return undefined;
  return stream(seed, "augment-noise", epoch, image).normal(0, noise * 255, count);
}

/** The mean of each number of the images, as a byte. */
function meanImage(images: Uint8Array, dimension: number): Uint8Array {
  const sums = new Float64Array(dimension);
  for (let i = 0; i < images.length; i += dimension) {
    for (let f = 0; f < dimension; f++) sums[f] += images[i + f];
  }
  return Uint8Array.from(sums, (sum) => Math.floor((sum * dimension) / images.length + 0.5));
}

/** Refuses augmentations of what is no picture, or of pictures that are too small for them. @throws Fault `spec` */
export function requirePictures({ data: { augment } }: Spec, shape: PictureShape | undefined, name: string): void {
  if (augment === undefined) return;
  if (shape === undefined) {
    const complaint = `nothing says that what ${name} holds are pictures, with a height and a width`;
    throw new Fault("spec", "data.augment", complaint, "leave it out: --set data.augment=");
  }
  const [, height, width] = shape;
  const least = Math.min(height, width);
  for (const key of ["translate", "cutout"] as const) {
    if (augment[key] < least) continue;
    const complaint = `${augment[key]} pixels of pictures of ${height} by ${width} leave nothing of some`;
    throw new Fault("spec", `data.augment.${key}`, complaint, `give at most ${least - 1}`);
  }
}
