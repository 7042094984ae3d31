import { likeliest } from "./classify.ts";

/** What models say together of the same images: the mean of their probabilities, [n, classes]. */
export function meanProbabilities(models: readonly ArrayLike<number>[]): Float64Array {
  const mean = new Float64Array(models[0].length);
  for (const probabilities of models) {
    for (let i = 0; i < mean.length; i++) mean[i] += probabilities[i] / models.length;
  }
  return mean;
}

/**
 * The class that most models hold the likeliest, image by image; of classes with equal votes the one with the larger mean
 * probability, and of equal ones the first.
 */
export function majorityVote(models: readonly ArrayLike<number>[], classes: number): number[] {
  const votes = models.map((probabilities) => likeliest(probabilities, classes));
  const mean = meanProbabilities(models);
  return Array.from({ length: mean.length / classes }, (_, image) => {
    const counts = new Uint32Array(classes);
    for (const labels of votes) counts[labels[image]] += 1;
    const isBefore = (a: number, b: number) =>
      counts[a] > counts[b] || (counts[a] === counts[b] && mean[image * classes + a] > mean[image * classes + b]);
    let best = 0;
    for (let k = 1; k < classes; k++) if (isBefore(k, best)) best = k;
    return best;
  });
}
