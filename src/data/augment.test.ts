import { describe, expect, test } from "vitest";
import { type AugmentDescription, augmentImage, drawsFor } from "./augment.ts";

const none: AugmentDescription = { flip: 0, translate: 0, border: "mean", jitter: 0, noise: 0, cutout: 0 };
const still = { isFlipped: false, down: 0, right: 0, brightness: 0, contrast: 1, row: 0, column: 0 };

// Two channels of 3 rows and 4 columns.
const shape = [2, 3, 4] as const;
const image = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32);
const mean = Uint8Array.from(image, (value) => 100 + value);

function changed(description: Partial<AugmentDescription>, draws: Partial<typeof still>, noise?: number[]): number[] {
  const target = new Uint8Array(image.length);
  augmentImage(target, image, mean, shape, { ...none, ...description }, { ...still, ...draws }, noise);
  return [...target];
}

describe("pixel by pixel, by hand", () => {
  test("nothing is nothing", () => expect(changed({}, {})).toEqual([...image]));

  test("a mirror image", () => {
    const expected = [4, 3, 2, 1, 8, 7, 6, 5, 12, 11, 10, 9, 24, 23, 22, 21, 28, 27, 26, 25, 32, 31, 30, 29];
    expect(changed({}, { isFlipped: true })).toEqual(expected);
  });

  test.each([
    ["mean", [101, 102, 103, 104, 105, 106, 1, 2, 109, 110, 5, 6]],
    ["black", [0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 5, 6]],
    ["edge", [1, 1, 1, 2, 1, 1, 1, 2, 5, 5, 5, 6]],
  ] as const)("moved down by 1 and right by 2, %s coming in", (border, first) => {
    const second = first.map((value) => (value === 0 ? 0 : value + 20));
    expect(changed({ border, translate: 2 }, { down: 1, right: 2 })).toEqual([...first, ...second]);
  });

  test.each([
    ["mean", [6, 7, 8, 104, 10, 11, 12, 108, 109, 110, 111, 112]],
    ["edge", [6, 7, 8, 8, 10, 11, 12, 12, 10, 11, 12, 12]],
  ] as const)("moved up and left by 1, %s coming in", (border, first) => {
    const second = first.map((value) => value + 20);
    expect(changed({ border, translate: 1 }, { down: -1, right: -1 })).toEqual([...first, ...second]);
  });

  test("mirrored, then moved right: the mirror image is what moves", () => {
    expect(changed({ border: "black", translate: 1 }, { isFlipped: true, right: 1 }).slice(0, 4)).toEqual([0, 4, 3, 2]);
  });

  test("light: away from the image's mean, and up; never below 0 or above 255", () => {
    // The mean is 16.5: 16.5 + 2 (v - 16.5) + 10 = 2 v - 6.5, rounded up at the half.
    const expected = Array.from(image, (value) => Math.max(0, 2 * value - 6));
    expect(changed({ jitter: 1 }, { contrast: 2, brightness: 10 })).toEqual(expected);
    expect(changed({ jitter: 1 }, { contrast: 1, brightness: 240 }).slice(-2)).toEqual([255, 255]);
  });

  test("noise is added and rounded", () => {
    const noise = [0.4, 0.5, -0.5, -0.6, -20, 300, ...new Array(18).fill(0)];
    expect(changed({ noise: 1 }, {}, noise).slice(0, 7)).toEqual([1, 3, 3, 3, 0, 255, 7]);
  });

  test("a square of 2 about a corner reaches beyond the image, and covers all channels", () => {
    const corner = changed({ cutout: 2 }, {});
    expect(corner).toEqual(Array.from(image, (value, i) => (i % 12 === 0 ? 100 + value : value)));
    const inside = changed({ cutout: 2 }, { row: 2, column: 2 });
    const covered = new Set([5, 6, 9, 10]);
    expect(inside).toEqual(Array.from(image, (value, i) => (covered.has(i % 12) ? 100 + value : value)));
  });
});

describe("what is drawn", () => {
  const description: AugmentDescription = { ...none, flip: 0.5, translate: 3, jitter: 0.2, cutout: 4 };
  const many = Array.from({ length: 4000 }, (_, i) => drawsFor(description, [3, 32, 32], 1, i % 4, Math.floor(i / 4)));

  test("is a function of seed, epoch and image", () => {
    const [first, epoch] = many;
    expect(drawsFor(description, [3, 32, 32], 1, 0, 0)).toEqual(first);
    expect(epoch).not.toEqual(first);
    expect(drawsFor(description, [3, 32, 32], 2, 0, 0)).not.toEqual(first);
    // Another's probability moves nothing else.
    expect(drawsFor({ ...description, flip: 0 }, [3, 32, 32], 1, 0, 0)).toEqual({ ...first, isFlipped: false });
  });

  test("takes each of its values as often as it should: all of 7 moves, half flips, every pixel", () => {
    // 4000 draws: 5 standard deviations are 158 of a half, 111 of a seventh.
    expect(Math.abs(many.filter(({ isFlipped }) => isFlipped).length - 2000)).toBeLessThan(158);
    for (const moved of [-3, -2, -1, 0, 1, 2, 3]) {
      for (const key of ["down", "right"] as const) {
        expect(Math.abs(many.filter((draws) => draws[key] === moved).length - 4000 / 7)).toBeLessThan(111);
      }
    }
    const rows = new Set(many.map(({ row }) => row));
    expect([Math.min(...rows), Math.max(...rows), rows.size]).toEqual([0, 31, 32]);
    const lights = many.map(({ brightness, contrast }) => [brightness, contrast]);
    expect(lights.every(([b, c]) => Math.abs(b) <= 51 && c >= 0.8 && c < 1.2)).toBe(true);
    expect(Math.abs(lights.reduce((sum, [b]) => sum + b, 0) / 4000)).toBeLessThan(2.4); // 5 sd of a mean
  });
});
