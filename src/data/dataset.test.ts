import { describe, expect, test } from "vitest";
import { channelStatistics, classCounts, concatenate, type Dataset, slice } from "./dataset.ts";

/** `count` images of 6 bytes (two pixels of three colours), whose bytes count up from `first`. */
function counting(name: string, count: number, first: number): Dataset {
  return {
    name,
    images: Uint8Array.from({ length: count * 6 }, (_, at) => first + at),
    labels: Uint8Array.from({ length: count }, (_, at) => at % 2),
    count,
    dimension: 6,
    classes: ["even", "odd"],
  };
}

describe("concatenate", () => {
  test("copies parts that lie apart, in their order", () => {
    const all = concatenate([counting("a", 2, 0), counting("b", 1, 100)]);
    expect(all.name).toBe("a+b");
    expect(all.count).toBe(3);
    expect([...all.images]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 100, 101, 102, 103, 104, 105]);
    expect([...all.labels]).toEqual([0, 1, 0]);
  });

  test("returns one part itself, and neighbours in memory as a view", () => {
    const whole = counting("a", 5, 0);
    expect(concatenate([whole])).toBe(whole);
    const parts = [slice(whole, 1, 3), slice(whole, 3, 4)];
    const joined = concatenate(parts);
    expect(joined.images.buffer).toBe(whole.images.buffer);
    expect([...joined.images]).toEqual([...whole.images.subarray(6, 24)]);
    expect([...joined.labels]).toEqual([1, 0, 1]);
  });

  test("copies neighbours that come in another order", () => {
    const whole = counting("a", 2, 0);
    const swapped = concatenate([slice(whole, 1, 2), slice(whole, 0, 1)]);
    expect([...swapped.images]).toEqual([6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5]);
  });

  test("refuses parts that do not fit together, and none", () => {
    const otherClasses = { ...counting("b", 1, 0), classes: ["odd", "even"] };
    expect(() => concatenate([counting("a", 1, 0), otherClasses])).toThrow("b has other dimensions or classes than a");
    expect(() => concatenate([])).toThrow(RangeError);
  });
});

describe("slice", () => {
  test("is a view", () => {
    const whole = counting("a", 5, 0);
    const part = slice(whole, 1, 3);
    expect(part).toMatchObject({ name: "a[1:3]", count: 2, dimension: 6 });
    whole.images[6] = 77;
    expect([...part.images]).toEqual([77, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]);
    expect([...part.labels]).toEqual([1, 0]);
    expect(slice(whole, 0, 5)).toBe(whole);
    expect(slice(whole, 2, 2).count).toBe(0);
  });

  test.each([
    [-1, 2],
    [0, 6],
    [3, 2],
    [0.5, 2],
    [0, Number.NaN],
  ])("refuses %d to %d of 5", (from, to) => {
    expect(() => slice(counting("a", 5, 0), from, to)).toThrow("is not inside the 5 images of a");
  });
});

test("classCounts counts the images of every class, also of an absent one", () => {
  expect(classCounts({ ...counting("a", 5, 0), classes: ["even", "odd", "none"] })).toEqual([3, 2, 0]);
});

test("channelStatistics: mean and deviation of each colour over all parts, as worked out by hand", () => {
  // Colours of two pixels: (0 1)(2 3)(4 5), (6 7)(8 9)(10 11) and (12 13)(14 15)(16 17).
  const statistics = channelStatistics([counting("a", 2, 0), counting("b", 1, 12)]);
  expect(statistics.map(({ mean }) => mean)).toEqual([6.5, 8.5, 10.5]);
  // Around the mean: 6.5 5.5 0.5 0.5 5.5 6.5, so the variance is (42.25 + 30.25 + 0.25) / 3 = 24.25.
  for (const { deviation } of statistics) expect(deviation).toBeCloseTo(Math.sqrt(24.25), 12);
});
