import { expect, test } from "vitest";
import { figurePdf } from "./figure-pdf.ts";
import { learningStarts, type StartPoint } from "./learning-starts.ts";

const point = (value: number, starts: (number | undefined)[], mean = 0.5): StartPoint => {
  return { value, starts, accuracy: { mean, low: mean - 0.01, high: mean + 0.01 } };
};
const plain = [point(1e-4, [undefined, undefined], 0.1), point(1e-3, [900, undefined], 0.2), point(1e-1, [100, 50])];
const normed = [point(1e-1, [100, 50]), point(1e-3, [50, 50]), point(1e-4, [50, 100])];
const figure = (...lines: { name: string; points: StartPoint[] }[]) =>
  learningStarts({ id: "a", title: "a", parameter: "initial σ", lines });
const both = figure({ name: "without", points: plain }, { name: "with", points: normed });

const places = (svg: string, pattern: RegExp) => [...svg.matchAll(pattern)].map(([, x, y]) => [Number(x), Number(y)]);

test("the values themselves are the ticks, by their logarithm where they lie far apart", () => {
  const ticks = [...both.matchAll(/<text class="quiet" x="([\d.]+)"[^>]*text-anchor="middle"[^>]*>([^<]*)</g)];
  expect(ticks.map(([, , text]) => text)).toEqual(["1e-4", "0.001", "0.1"]);
  const [a, b, c] = ticks.map(([, x]) => Number(x));
  expect((c - b) / (b - a)).toBeCloseTo(2, 1);
  const near = figure({ name: "all", points: [point(1, [50]), point(3, [50]), point(2, [50])] });
  const even = places(near, /<circle class="mark series-1" cx="([\d.]+)" cy="([\d.]+)"/g)
    .map(([x]) => x)
    .slice(1); // after the legend
  expect(even[1] - even[0]).toBeCloseTo(even[2] - even[1], 0);
});

test("what never starts is hollow, in a row of its own, and leaves a gap in the line", () => {
  expect(both).toContain(">never<");
  expect(both.match(/class="mark hollow series-1"/g)).toHaveLength(3);
  expect(both).not.toContain('class="mark hollow series-2"');
  // Of two seeds the later is the middle: nothing at 0.001 either, so the upper line is one point.
  const [upper] = [...both.matchAll(/class="line plain series-1" d="([^"]*)"/g)].map(([, d]) => d);
  expect(upper.match(/[ML]/g)).toEqual(["M"]);
  expect(figure({ name: "all", points: normed })).not.toContain(">never<");
});

test("markers of every seed and whiskers of every interval; the numbers are read out", () => {
  expect(both.match(/<circle class="mark series-1"/g)).toHaveLength(3 + 3 + 1); // and the legend's
  expect(both.match(/class="bar series-/g)).toHaveLength(6);
  expect(both).toContain("without: at 1e-4 never starts, validation 10.00 %");
  expect(both).toContain("at 0.1 starts by update 100, validation 50.00 %. with: at 1e-4 starts by update 100");
});

test("an interval ends where an accuracy does", () => {
  const wide = { value: 1, starts: [50], accuracy: { mean: 0.1, low: -0.2, high: 0.4 } };
  expect(figure({ name: "all", points: [wide] })).not.toMatch(/>[−-]\d/);
});

test("nothing that starts, and nothing measured, is drawn all the same, and a PDF takes it", () => {
  const svg = figure({ name: "all", points: [{ value: 0, starts: [undefined] }] });
  expect(svg).not.toMatch(/NaN|Infinity/);
  expect(() => figurePdf(svg)).not.toThrow();
  expect(() => figurePdf(both)).not.toThrow();
});
