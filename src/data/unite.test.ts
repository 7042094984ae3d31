import { expect, test } from "vitest";
import type { Dataset } from "./dataset.ts";
import { united } from "./unite.ts";

const part = (name: string, classes: string[], labels: number[], dimension = 1): Dataset => ({
  name,
  images: new Uint8Array(labels.length * dimension),
  labels: Uint8Array.from(labels),
  count: labels.length,
  dimension,
  classes,
});
const names = (dataset: Dataset) => [...dataset.labels].map((label) => dataset.classes[label]);

test("classes that one file does not show are united, and each image keeps its own", () => {
  const numbers = united([part("a", ["1", "10"], [1, 0]), part("b", ["2", "10"], [0, 1])]);
  expect(numbers.map(({ classes }) => classes)).toEqual([
    ["1", "2", "10"],
    ["1", "2", "10"],
  ]);
  expect(numbers.map(names)).toEqual([
    ["10", "1"],
    ["2", "10"],
  ]);
  const texts = united([part("a", ["cat", "dog"], [1]), part("b", ["bird", "dog"], [0])]);
  expect(texts[0].classes).toEqual(["bird", "cat", "dog"]);
  expect(texts.map(names)).toEqual([["dog"], ["bird"]]);
  const order = united([part("a", ["b", "a", "c"], [0]), part("b", ["c", "b"], [0])]);
  expect(order[1].classes).toEqual(["b", "a", "c"]); // the larger list keeps its order
  expect(names(order[1])).toEqual(["c"]);
});

test.each<[why: string, a: Dataset, b: Dataset, complaint: RegExp]>([
  [
    "names that share none",
    part("a", ["cat"], [0]),
    part("b", ["dog"], [0]),
    /^b: expected classes like "cat" in a, found "dog"$/,
  ],
  ["names and numbers", part("a", ["cat"], [0]), part("b", ["0"], [0]), /^b: expected classes like/],
  ["sizes", part("a", ["0"], [0], 12), part("b", ["0"], [0], 3), /^b: expected images of 12 bytes as in a, found 3/],
])("refused: other %s", (_why, a, b, complaint) => expect(() => united([a, b])).toThrow(complaint));
