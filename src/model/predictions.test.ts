import { expect, test } from "vitest";
import { confusionCounts, surestMistakes, truthProbabilities } from "./predictions.ts";

// Five images of three classes; the second and the fifth are taken for another class.
const predictions = {
  classes: ["cat", "dog", "frog"],
  labels: Uint8Array.of(0, 0, 1, 2, 2),
  probabilities: [0.7, 0.2, 0.1, 0.3, 0.6, 0.1, 0.2, 0.5, 0.3, 0, 0, 1, 0.9, 0.1, 0],
};

test("images are counted by class and predicted class", () => {
  expect(confusionCounts(predictions)).toEqual([
    [1, 1, 0],
    [0, 1, 0],
    [1, 0, 1],
  ]);
});

test("the probability of the right class, of right and of wrong images", () => {
  expect(truthProbabilities(predictions)).toEqual({ right: [0.7, 0.5, 1], wrong: [0.3, 0] });
});

test("the surest mistakes come first, and no more than asked for", () => {
  const surest = { image: 4, label: 2, predicted: 0, probability: 0.9 };
  expect(surestMistakes(predictions, 5)).toEqual([surest, { image: 1, label: 0, predicted: 1, probability: 0.6 }]);
  expect(surestMistakes(predictions, 1)).toEqual([surest]);
});
