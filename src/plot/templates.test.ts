import fc from "fast-check";
import { decode } from "fast-png";
import { describe, expect, test } from "vitest";
import { weightTemplates } from "./templates.ts";

const plane = 1024;
const width = 3 * plane;

/** Rows of zeros but for the weights given by row, channel, line and column. */
function weights(rows: number, entries: readonly (readonly [number, number, number, number, number])[] = []) {
  const values = new Float64Array(rows * width);
  for (const [row, channel, y, x, value] of entries) values[row * width + channel * plane + y * 32 + x] = value;
  return { shape: [rows, width], values };
}

function pixelsOf(png: Uint8Array) {
  const { width, height, channels, data } = decode(png);
  expect(channels).toBe(4);
  const at = (x: number, y: number) => [...data.slice(4 * (y * width + x), 4 * (y * width + x) + 4)];
  return { width, height, at };
}

describe("weightTemplates", () => {
  test.each([
    [10, {}, 329, 32], // ten templates and nine gaps
    [50, {}, 329, 164], // five rows of ten
    [3, {}, 98, 32],
    [12, { columns: 4 }, 131, 98],
    [50, { magnification: 3 }, 987, 492],
  ])("%s rows, %o: %s by %s pixels", (rows, layout, across, down) => {
    const picture = pixelsOf(weightTemplates(weights(rows), layout));
    expect([picture.width, picture.height]).toEqual([across, down]);
  });

  test("reads red, green and blue planes line by line, each row scaled on its own", () => {
    const { at } = pixelsOf(
      weightTemplates(
        weights(11, [
          [0, 0, 2, 5, 4], // the largest: red 255 where the others are 0
          [0, 1, 2, 5, 1], // a quarter of the way
          [10, 2, 31, 31, -0.001], // the smallest of the row beneath: blue 0 where the others are 255
        ]),
      ),
    );
    expect(at(5, 2)).toEqual([255, 64, 0, 255]);
    expect(at(2, 5)).toEqual([0, 0, 0, 255]);
    expect(at(31, 33 + 31)).toEqual([255, 255, 0, 255]);
    expect(at(30, 33 + 31)).toEqual([255, 255, 255, 255]);
  });

  test("leaves one transparent pixel between templates, and the places without one transparent", () => {
    const { at } = pixelsOf(weightTemplates(weights(3), { columns: 2 }));
    expect(at(31, 0)[3]).toBe(255);
    expect(at(32, 0)[3]).toBe(0);
    expect(at(33, 0)[3]).toBe(255);
    expect(at(0, 32)[3]).toBe(0);
    expect(at(40, 40)[3]).toBe(0);
  });

  test("a constant row is mid grey", () => {
    const constant = { shape: [1, width], values: new Float32Array(width).fill(0.3) };
    expect(pixelsOf(weightTemplates(constant)).at(16, 16)).toEqual([128, 128, 128, 255]);
  });

  test("a weight that is not finite is magenta, and the others are scaled as if it were not there", () => {
    const broken = weights(1, [
      [0, 0, 0, 0, Number.NaN],
      [0, 1, 0, 1, Number.POSITIVE_INFINITY],
      [0, 2, 0, 2, 2],
    ]);
    const { at } = pixelsOf(weightTemplates(broken));
    expect([at(0, 0), at(1, 0), at(2, 0), at(3, 0)]).toEqual([
      [255, 0, 255, 255],
      [255, 0, 255, 255],
      [0, 0, 255, 255],
      [0, 0, 0, 255],
    ]);
    const nothing = { shape: [1, width], values: new Float64Array(width).fill(Number.NaN) };
    expect(pixelsOf(weightTemplates(nothing)).at(9, 9)).toEqual([255, 0, 255, 255]);
  });

  test("makes a square of every pixel", () => {
    const { at } = pixelsOf(weightTemplates(weights(2, [[1, 0, 1, 0, 1]]), { magnification: 2 }));
    for (const [x, y] of [[66, 2], [67, 2], [66, 3], [67, 3]]) expect(at(x, y)).toEqual([255, 0, 0, 255]); // biome-ignore format: a square
    expect(at(65, 2)[3]).toBe(0);
    expect(at(68, 2)).toEqual([0, 0, 0, 255]);
  });

  test("scales any weights between its ends", () => {
    const extreme = fc.constantFrom(-Number.MAX_VALUE, 0, Number.MIN_VALUE, 1, Number.MAX_VALUE);
    fc.assert(
      fc.property(
        extreme,
        extreme,
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 0, max: 31 }),
        (a, b, c, x) => {
          const values = [0, a, b, c]; // a row has zeros besides
          const placed = [a, b, c].map((value, channel) => [0, channel, 7, x, value] as const);
          const [red, green, blue] = pixelsOf(weightTemplates(weights(1, placed))).at(x, 7);
          const shown = [red, green, blue];
          for (const [channel, value] of [a, b, c].entries()) {
            if (value === Math.max(...values) && value / 2 > Math.min(...values) / 2) expect(shown[channel]).toBe(255);
            if (value === Math.min(...values) && value / 2 < Math.max(...values) / 2) expect(shown[channel]).toBe(0);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  test.each([
    [{ shape: [10, 784], values: new Float64Array(7840) }],
    [{ shape: [10, width], values: new Float64Array(width) }],
    [{ shape: [width], values: new Float64Array(width) }],
    [{ shape: [0, width], values: new Float64Array(0) }],
  ])("refuses weights that are no such images: %#", (wrong) => {
    expect(() => weightTemplates(wrong)).toThrow(/templates need weights of shape \[rows, 3072\]/);
  });

  test.each([{ columns: 0 }, { columns: 1.5 }, { magnification: Number.NaN }])("refuses the layout %o", (layout) => {
    expect(() => weightTemplates(weights(1), layout)).toThrow(RangeError);
  });
});
