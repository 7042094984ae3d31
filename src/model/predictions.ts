import { likeliest } from "./classify.ts";

/** What a model says of labelled images. */
export interface Predictions {
  readonly classes: readonly string[];
  readonly labels: Uint8Array; // [n]
  readonly probabilities: ArrayLike<number>; // [n, classes]
}

/** One image that a model takes for what it is not. */
export interface WrongImage {
  /** Its number, from 0. */
  readonly image: number;
  readonly label: number;
  readonly predicted: number;
  /** What the model gives the class it predicts. */
  readonly probability: number;
}

/** Images by their class and the class that the model predicts: [label][predicted]. */
export function confusionCounts({ classes, labels, probabilities }: Predictions): number[][] {
  const counts = classes.map(() => new Array<number>(classes.length).fill(0));
  for (const [image, predicted] of likeliest(probabilities, classes.length).entries())
    counts[labels[image]][predicted]++;
  return counts;
}

/** What the model gives the right class of each image, those it gets right apart from those it gets wrong. */
export function truthProbabilities({ classes, labels, probabilities }: Predictions): {
  right: number[];
  wrong: number[];
} {
  const [right, wrong]: [number[], number[]] = [[], []];
  for (const [image, predicted] of likeliest(probabilities, classes.length).entries()) {
    const group = predicted === labels[image] ? right : wrong;
    group.push(probabilities[image * classes.length + labels[image]]);
  }
  return { right, wrong };
}

/** The wrong images whose predicted class the model gives most, the surest first; of equal ones the first. */
export function surestMistakes({ classes, labels, probabilities }: Predictions, most: number): readonly WrongImage[] {
  return likeliest(probabilities, classes.length)
    .map((predicted, image) => {
      return { image, label: labels[image], predicted, probability: probabilities[image * classes.length + predicted] };
    })
    .filter(({ label, predicted }) => label !== predicted)
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, most);
}
