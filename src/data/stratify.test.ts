import { expect, test } from "vitest";
import { stratified } from "./stratify.ts";

const dataset = (labels: number[], classes = 3) => ({
  name: "a",
  images: Uint8Array.from(labels.flatMap((_, image) => [image, image])),
  labels: Uint8Array.from(labels),
  count: labels.length,
  dimension: 2,
  classes: Array.from({ length: classes }, (_, label) => String(label)),
});
const order = (labels: number[], count: number) => {
  const { images, labels: arranged } = stratified(dataset(labels), count);
  expect([...arranged]).toEqual([...images].filter((_, at) => at % 2 === 0).map((image) => labels[image]));
  return [...images].filter((_, at) => at % 2 === 1);
};

// Worked out by hand: shares of 3 among 4, 4 and 2 images are 1.2, 1.2 and 0.6; of 5 they are 2, 2 and 1.
test("each class gives its share, its last images, and the rest keep their order", () => {
  const sorted = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2];
  expect(order(sorted, 3)).toEqual([0, 1, 2, 4, 5, 6, 8, 3, 7, 9]);
  expect(order(sorted, 5)).toEqual([0, 1, 4, 5, 8, 2, 3, 6, 7, 9]);
  expect(order([2, 0, 1, 2, 1, 0], 3)).toEqual([0, 1, 2, 3, 4, 5]);
});

test("a class's only image trains where others can be held out", () => {
  expect(order([0, 0, 0, 0, 1], 2)).toEqual([0, 1, 4, 2, 3]);
  // Three of four: whichever is left, the shares 1.5, 0.75 and 0.75 cannot all leave one.
  expect(order([0, 1, 2, 0], 3)).toEqual([0, 1, 2, 3]);
});
