import { describe, expect, test } from "vitest";
import { loadCifar10 } from "./cifar10.node.ts";
import { dataFolder } from "./data-folder.node.ts";
import type { Dataset } from "./dataset.ts";
import { preprocessing } from "./preprocess.ts";

function bytes(dimension: number, images: readonly number[]): Dataset {
  const count = images.length / dimension;
  const labels = new Uint8Array(count);
  return { name: "bytes", images: Uint8Array.from(images), labels, count, dimension, classes: ["any"] };
}

describe("by hand: dimensions 0 51 102 and 255 0 255", () => {
  const training = bytes(2, [0, 255, 51, 0, 102, 255]);

  test("standardise", () => {
    const { scale, shift } = preprocessing("standardise", training);
    // x/255: 0 .2 .4, mean .2, sd sqrt(.08/3); and 1 0 1, mean 2/3, sd sqrt(2)/3.
    expect(scale[0] * 102 + shift[0]).toBeCloseTo(0.2 / Math.sqrt(0.08 / 3), 14);
    expect(scale[0] * 51 + shift[0]).toBeCloseTo(0, 14);
    expect(scale[1] * 0 + shift[1]).toBeCloseTo(-Math.SQRT2, 14);
  });

  test("centre", () => {
    const { scale, shift } = preprocessing("centre", training);
    expect(scale[0] * 102 + shift[0]).toBeCloseTo(0.2, 15);
    expect(scale[1] * 255 + shift[1]).toBeCloseTo(1 / 3, 15);
  });

  test("scale and none", () => {
    expect(preprocessing("scale", training)).toEqual({
      scale: new Float64Array([1 / 255, 1 / 255]),
      shift: new Float64Array(2),
    });
    expect(preprocessing("none", training)).toEqual({ scale: new Float64Array([1, 1]), shift: new Float64Array(2) });
  });
});

test("the sums over a set are taken once, whatever is asked of them", () => {
  const training = bytes(2, [0, 255, 51, 0, 102, 255]);
  let looks = 0;
  const watched = Object.defineProperty({ ...training }, "images", {
    get() {
      looks += 1;
      return training.images;
    },
  });
  const first = preprocessing("standardise", watched);
  expect(looks).toBe(1);
  expect(preprocessing("standardise", watched)).toEqual(first);
  expect(preprocessing("centre", watched)).toEqual(preprocessing("centre", training));
  expect(looks).toBe(1);
});

test("a constant dimension becomes 0 everywhere under standardise, also for other values", () => {
  const { scale, shift } = preprocessing("standardise", bytes(2, [7, 1, 7, 2, 7, 3]));
  expect([scale[0] * 7 + shift[0], scale[0] * 200 + shift[0]]).toEqual([0, 0]);
  expect(scale[1]).toBeGreaterThan(0);
});

test("sums stay exact beyond 32 bits and one block of images", () => {
  // 70,001 images: the first dimension is 255 but once, the second alternates between 254 and 255.
  const count = 70_001;
  const images = new Uint8Array(count * 2).fill(255);
  images[0] = 0;
  for (let image = 0; image < count; image += 2) images[2 * image + 1] = 254;
  const training = { ...bytes(2, []), images, count };
  const { scale, shift } = preprocessing("standardise", training);
  // n sd: sqrt(n sum b^2 - (sum b)^2) = 255 sqrt(n - 1), and sqrt(35001 * 35000).
  expect(scale[0]).toBeCloseTo(count / (255 * Math.sqrt(count - 1)), 12);
  expect(scale[1]).toBe(count / Math.sqrt(35_001 * 35_000));
  expect(shift[1]).toBe(-(254 * 35_001 + 255 * 35_000) / Math.sqrt(35_001 * 35_000));
});

describe("data_batch_1", () => {
  test("has mean 0 and standard deviation 1 in every dimension, by plain two-pass sums", async () => {
    const [batch] = await loadCifar10(dataFolder(), ["data_batch_1"]);
    const { scale, shift } = preprocessing("standardise", batch);
    for (const at of [0, 1, 1023, 1024, 2047, 3071]) {
      const values = Array.from({ length: batch.count }, (_, image) => batch.images[image * 3072 + at] / 255);
      const mean = values.reduce((sum, value) => sum + value, 0) / batch.count;
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / batch.count);
      expect(scale[at] * 255).toBeCloseTo(1 / deviation, 10);
      expect(shift[at]).toBeCloseTo(-mean / deviation, 10);
    }
  });

  test("gives the same bits whatever the order of the images", async () => {
    const [batch] = await loadCifar10(dataFolder(), ["data_batch_1"]);
    const backwards = new Uint8Array(batch.images.length);
    for (let image = 0; image < batch.count; image++) {
      const from = (batch.count - 1 - image) * 3072;
      backwards.set(batch.images.subarray(from, from + 3072), image * 3072);
    }
    for (const kind of ["standardise", "centre"] as const) {
      expect(preprocessing(kind, { ...batch, images: backwards })).toEqual(preprocessing(kind, batch));
    }
  });
});
