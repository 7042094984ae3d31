import { mean } from "./moments.ts";

/**
 * Standard error of an accuracy that comes from only `images` images, of a binomial count: sqrt(p (1 - p) / n). It is the same
 * for every run measured on them, whatever its seed, so more seeds do not make it smaller.
 */
export function samplingError(accuracy: number, images: number): number {
  return Math.sqrt((accuracy * (1 - accuracy)) / images);
}

/**
 * Variance of the difference of two settings' mean accuracies that stems from the images being these and not others; both were
 * measured on the same ones, so what is hard for both says nothing. With q_i(x) the part of a setting's seeds that have image x
 * right, the spread of q_1 - q_2 over the images, less what it owes to there being only so many seeds (the interaction mean square
 * of a table images x seeds, two ways, both random: Searle 1971, chapter 9), over the number of images. Of one seed that part
 * cannot be taken off, and this is McNemar's variance.
 */
export function sharedImageVariance(
  first: readonly (readonly boolean[])[], // [seed][image]
  second: readonly (readonly boolean[])[], // [seed][image], the same seeds and images
): number {
  const [seeds, images] = [first.length, first[0].length];
  let [sum, squares, withinSeeds] = [0, 0, 0];
  for (let image = 0; image < images; image++) {
    const differences = first.map((seed, j) => Number(seed[image]) - Number(second[j][image]));
    const centre = mean(differences);
    sum += centre;
    squares += centre * centre;
    for (const difference of differences) withinSeeds += (difference - centre) ** 2;
  }
  const between = (squares - (sum * sum) / images) / (images - 1);
  const owed = seeds > 1 ? withinSeeds / (images * (seeds - 1)) / seeds : 0;
  return Math.max(0, between - owed) / images;
}

/** The same where nothing is known of single images: as though each had its own, which is never too small where errors are shared. */
export function separateImageVariance(first: number, second: number, images: number): number {
  return samplingError(first, images) ** 2 + samplingError(second, images) ** 2;
}
