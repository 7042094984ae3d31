import { decode } from "fast-png";
import { expect, test } from "vitest";
import { testPicture } from "./test-answers.ts";

const pictures = (shape: readonly [number, number, number] | undefined, count = 2) => {
  const dimension = (shape ?? [3, 2, 3]).reduce((a, b) => a * b);
  return {
    name: "pictures",
    images: Uint8Array.from({ length: count * dimension }, (_, i) => i),
    labels: new Uint8Array(count),
    count,
    dimension,
    classes: ["a"],
    ...(shape === undefined ? {} : { shape }),
  };
};

test("a test image is a picture whose pixels have their colours side by side", () => {
  const png = testPicture(pictures([3, 2, 3]), 1);
  const { width, height, channels, data } = decode(png ?? new Uint8Array());
  expect([width, height, channels]).toEqual([3, 2, 3]);
  // Planes of 6 pixels, of the second image: red from 18 on, green from 24, blue from 30.
  expect([...data]).toEqual([18, 24, 30, 19, 25, 31, 20, 26, 32, 21, 27, 33, 22, 28, 34, 23, 29, 35]);
  const grey = decode(testPicture(pictures([1, 2, 2]), 0) ?? new Uint8Array());
  expect([grey.width, grey.height, grey.channels, ...grey.data]).toEqual([2, 2, 1, 0, 1, 2, 3]);
});

test("there is none of an image that is not there, of two colours, and where nothing says how bytes are a picture", () => {
  expect(testPicture(pictures([3, 2, 3]), 2)).toBeUndefined();
  expect(testPicture(pictures([2, 2, 3]), 0)).toBeUndefined();
  expect(testPicture(pictures(undefined), 0)).toBeUndefined();
});
