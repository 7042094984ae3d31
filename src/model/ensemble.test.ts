import { expect, test } from "vitest";
import { majorityVote, meanProbabilities } from "./ensemble.ts";

// Three models, four images, three classes.
const models = [
  [0.5, 0.4, 0.1, 0.4, 0.35, 0.25, 0.6, 0.4, 0, 0.4, 0.3, 0.3],
  [0.5, 0.3, 0.2, 0.4, 0.35, 0.25, 0, 0.8, 0.2, 0.3, 0.4, 0.3],
  [0.0, 0.9, 0.1, 0.0, 0.9, 0.1, 0.1, 0.2, 0.7, 0.3, 0.3, 0.4],
];

test("the mean of probabilities, number by number", () => {
  const mean = meanProbabilities(models);
  expect([...mean.subarray(0, 3)]).toEqual([1 / 3, 1.6 / 3, 0.4 / 3].map((value) => expect.closeTo(value, 15)));
  expect(mean.length).toBe(12);
});

test("a majority is heard whatever the mean says; equal votes are settled by the mean, then by order", () => {
  // Of the first two images two models say class 0, and the mean class 1. Of the others each model says another: the means
  // are 0.233, 0.467 and 0.3, then 1/3 throughout.
  expect(majorityVote(models, 3)).toEqual([0, 0, 1, 0]);
});

test("one model is itself", () => {
  expect([...meanProbabilities([models[0]])]).toEqual(models[0]);
  expect(majorityVote([models[2]], 3)).toEqual([1, 1, 2, 2]);
});
