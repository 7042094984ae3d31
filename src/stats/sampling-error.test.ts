import { expect, test } from "vitest";
import { samplingError, separateImageVariance, sharedImageVariance } from "./sampling-error.ts";

test("of a half on 5,000 images: .71 points", () => {
  expect(samplingError(0.5, 5000)).toBeCloseTo(0.00707107, 8);
  expect(separateImageVariance(0.5, 0.4, 1000)).toBeCloseTo(0.25 / 1000 + 0.24 / 1000, 12);
});

test("of one seed it is McNemar's variance, of the images that only one has right", () => {
  const [first, second] = [
    [true, true, false, false, true, false],
    [true, false, true, true, true, false],
  ];
  // differences 0, 1, -1, -1, 0, 0: (3 - 1/6) / 5 / 6
  expect(sharedImageVariance([first], [second])).toBeCloseTo((3 - 1 / 6) / 30, 12);
});

test("of two seeds, what so few of them owe is taken off", () => {
  const first = [
    [true, true, false, false],
    [true, false, false, false],
  ];
  const second = [
    [false, false, false, true],
    [false, false, false, true],
  ];
  // Differences a seed (1, 1), (1, 0), (0, 0), (-1, -1): between images 2.1875 / 3, within 1/2 over 4 images and 2 seeds.
  expect(sharedImageVariance(first, second)).toBeCloseTo((2.1875 / 3 - 0.0625) / 4, 12);
});

test("of several seeds, what goes from seed to seed is not the images'", () => {
  const first = [
    [true, false, true, false],
    [false, true, false, true],
  ];
  const second = [
    [false, true, false, true],
    [true, false, true, false],
  ];
  expect(sharedImageVariance(first, second)).toBe(0);
  expect(sharedImageVariance([first[0], first[0]], [second[0], second[0]])).toBeCloseTo(4 / 3 / 4, 12);
});
