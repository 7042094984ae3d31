import { exponential } from "../math/elementary/exponential.ts";
import { logarithm } from "../math/elementary/logarithm.ts";
import type { RandomGenerator } from "../math/random/generator.ts";
import { stream } from "../math/random/stream.ts";

/** The smallest alpha above 0 of mixup, below which almost nothing is mixed, and the largest. */
export const mixupLimits = { least: 0.05, most: 4 } as const;

/** What an image is mixed with. */
interface Mix {
  /** The other training image. */
  readonly other: number;
  /** The image's own share, of both pixels and label. */
  readonly share: number;
}

/** A function of (seed, epoch, image): any training image, and a share of Beta(alpha, alpha) (Zhang et al. 2018). */
export function mixFor(alpha: number, seed: number, epoch: number, image: number, images: number): Mix {
  const generator = stream(seed, "augment-mixup", epoch, image);
  const [other] = generator.integers(0, images, 1);
  return { other, share: betaVariate(alpha, generator) };
}

/** One number of Beta(alpha, alpha), by Jöhnk 1964: u^(1/alpha) / (u^(1/alpha) + v^(1/alpha)), where that sum is at most 1. */
export function betaVariate(alpha: number, generator: RandomGenerator): number {
  for (;;) {
    const [first, second] = generator.random(2).map((value) => exponential(logarithm(value) / alpha));
    const sum = first + second;
    if (sum > 0 && sum <= 1) return first / sum;
  }
}

/** target <- share target + (1 - share) other, each number rounded to a byte. */
export function mixImages(target: Uint8Array, other: Uint8Array, share: number): void {
  for (let i = 0; i < target.length; i++) target[i] = Math.floor(share * target[i] + (1 - share) * other[i] + 0.5);
}
