import { numberText } from "../plot/number-text.ts";
import { wilsonInterval } from "../stats/wilson.ts";
import { nothing } from "./text-table.ts";

/** `45.20–47.20`: two fractions as percent. */
export function rangeText(low: number, high: number): string {
  return `${numberText(low, "fraction")}–${numberText(high, "fraction")}`;
}

/**
 * The 95 % interval of an accuracy measured on `images` images, as percent; none for training images, which are no
 * sample of what the network has not seen.
 */
export function intervalText(accuracy: number, part: "train" | "validation" | "test", images: number): string {
  if (part === "train" || !Number.isFinite(accuracy) || images === 0) return nothing;
  return rangeText(...wilsonInterval(accuracy, images));
}

/** The note that explains such an interval. */
export const intervalNote =
  "95 % interval: Wilson's score interval (Wilson 1927) for a fraction of so many images. It holds the chance in which images were drawn, not the chance in the initial weights: another seed moves the result further. Training images have none: the network was fitted to them, and they say nothing of others.";
