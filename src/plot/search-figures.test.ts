import { expect, test } from "vitest";
import { accuracyAgainstParameter, type SearchFigure } from "./against-parameter.ts";
import { figurePdf } from "./figure-pdf.ts";
import { textWidth } from "./figure-style.ts";
import { parallelCoordinates } from "./parallel-coordinates.ts";
import { searchCourse } from "./search-course.ts";
import type { SearchPoint } from "./search-points.ts";
import { twoParameters } from "./two-parameters.ts";

const points: SearchPoint[] = [
  { trial: 0, stage: 0, values: [1e-5, "[50]", 0.1], accuracy: 0.5, low: 0.49, high: 0.51, mayBeBest: true },
  { trial: 1, stage: 0, values: [1e-3, "[50]", 0.5], accuracy: 0.52, low: 0.51, high: 0.53, mayBeBest: true },
  { trial: 2, stage: 0, values: [1e-1, "[100]", 0.9], accuracy: 0.38, low: 0.37, high: 0.39, mayBeBest: false },
  { trial: 3, stage: 1, values: [1e-2, "[100]", 0.3], mayBeBest: false },
  { trial: 4, stage: 1, values: [1e-4, "[50]", undefined], accuracy: 0.515, mayBeBest: true },
];
const figure: SearchFigure = {
  points,
  parameters: [
    { name: "training.lambda", scale: "log" },
    { name: "network.hidden", scale: "choice" },
    { name: "network.dropout", scale: "linear" },
  ],
  id: "figure",
  title: "a search & its trials",
};

const drawings: [string, (about: SearchFigure) => string][] = [
  ["accuracy against a log parameter", (about) => accuracyAgainstParameter(about, 0)],
  ["accuracy against a choice", (about) => accuracyAgainstParameter(about, 1)],
  ["accuracy against a linear parameter", (about) => accuracyAgainstParameter(about, 2)],
  ["two parameters", (about) => twoParameters(about, 0, 2)],
  ["parallel coordinates", parallelCoordinates],
  ["the course", searchCourse],
];

test.each(drawings)("%s: one document with a text for those who do not see it, and a PDF of it", (_, draw) => {
  const svg = draw(figure);
  expect(svg).toContain("a search &amp; its trials");
  expect(svg).toContain(
    "5 trials, 1 of them diverged; the best reached 52.00 % at training.lambda 0.001, network.hidden [50]",
  );
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  expect(figurePdf(svg)).toMatch(/^%PDF/);
  expect(draw({ ...figure, width: 360 })).toContain('viewBox="0 0 360 ');
});

test.each(drawings)("%s: without any finished trial, or any trial at all, it says so", (_, draw) => {
  for (const few of [[], [points[3]]]) {
    const svg = draw({ ...figure, points: few });
    expect(svg).toContain("No trial has finished.");
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  }
});

/** Centres of discs of a class, by their x. */
function discs(svg: string, name: string): { x: number; y: number }[] {
  return [...svg.matchAll(/<circle class="([^"]*)" cx="([\d.]+)" cy="([\d.]+)"/g)]
    .filter(([, classes]) => classes === name)
    .map(([, , x, y]) => ({ x: Number(x), y: Number(y) }));
}

test("every trial stands at its true value: equal factors are equal distances, and no trial is moved aside", () => {
  const svg = accuracyAgainstParameter({ ...figure, points: points.slice(0, 3) }, 0);
  const body = svg.slice(svg.indexOf("training.lambda</text>"));
  const full = discs(body, "mark series-1");
  const [worse] = discs(body, "mark hollow series-1").slice(-1);
  const [first, second] = full.slice(-2);
  expect(second.x - first.x).toBeCloseTo(worse.x - second.x, 1);
  expect(second.y).toBeLessThan(first.y);
  expect(first.y).toBeLessThan(worse.y);
  const [ring] = discs(body, "mark hollow any").slice(-1);
  expect([ring.x, ring.y]).toEqual([second.x, second.y]);
});

test("the range of what may be the best is shaded, and nothing beyond", () => {
  const svg = accuracyAgainstParameter({ ...figure, points: points.slice(0, 3) }, 0);
  const [, x, width] = /<rect class="set" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/.exec(svg) ?? [];
  const body = svg.slice(svg.indexOf("training.lambda</text>"));
  const [first, second] = discs(body, "mark series-1").slice(-2);
  expect(Number(x)).toBeCloseTo(first.x - 6, 1);
  expect(Number(x) + Number(width)).toBeCloseTo(second.x + 6, 1);
});

test("places far from every trial are not shaded, and those that diverged are the lightest", () => {
  const near = Array.from(
    { length: 4 },
    (_, i): SearchPoint => ({ ...points[0], trial: i, values: [1e-5, "", 0.1 + i / 100] }),
  );
  const gone = Array.from(
    { length: 4 },
    (_, i): SearchPoint => ({ trial: 9 + i, stage: 0, values: [1, "", 0.9 + i / 100], mayBeBest: false }),
  );
  const shades = [
    ...twoParameters({ ...figure, points: [...near, ...gone] }, 0, 2).matchAll(
      /<rect class="shade-(\d)" x="([\d.]+)"/g,
    ),
  ];
  expect(shades.length).toBeGreaterThan(10);
  expect(shades.length).toBeLessThan(320);
  for (const [, shade, x] of shades) if (Number(x) > 400) expect(shade).toBe("0");
});

test.each([640, 330])("the names of parallel axes do not meet in a figure of %i pixels", (width) => {
  const svg = parallelCoordinates({ ...figure, width });
  const places = [...figure.parameters.map(({ name }) => name), "accuracy \\(%\\)"].map((name) => {
    const [, x, y, anchor] =
      new RegExp(`<text x="([\\d.]+)" y="([\\d.]+)" text-anchor="(\\w+)">${name}</text>`).exec(svg) ?? [];
    const wide = textWidth(name.replaceAll("\\", ""));
    const from = Number(x) - { start: 0, middle: wide / 2, end: wide }[anchor as "start" | "middle" | "end"];
    return { y: Number(y), from, to: from + wide };
  });
  for (const [i, one] of places.entries()) {
    for (const other of places.slice(i + 1)) if (other.y === one.y) expect(one.to).toBeLessThan(other.from);
  }
  const [, height] = /viewBox="0 0 \d+ ([\d.]+)"/.exec(svg) ?? [];
  for (const { y } of places) expect(y).toBeLessThan(Number(height));
});

test("ranks of trials that lie close to each other do not meet", () => {
  const close = Array.from({ length: 4 }, (_, trial): SearchPoint => {
    const values = [1e-3 * (1 + trial / 20), "[50]", 0.5 + trial / 100];
    return { trial, stage: 0, values, accuracy: 0.5 - trial / 100, mayBeBest: true };
  });
  const svg = twoParameters({ ...figure, points: [...points.slice(0, 3), ...close] }, 0, 2);
  const ranks = [...svg.matchAll(/<text class="quiet" x="([\d.]+)" y="([\d.]+)">\d<\/text>/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
  expect(ranks).toHaveLength(7);
  for (const [i, [x, y]] of ranks.entries()) {
    for (const [otherX, otherY] of ranks.slice(i + 1)) {
      expect(Math.abs(x - otherX) >= textWidth("0") || Math.abs(y - otherY) >= 10).toBe(true);
    }
  }
});

test("lines of some trials stand on the axes of all", () => {
  const [all, some] = [parallelCoordinates(figure), parallelCoordinates(figure, points.slice(0, 1))];
  const axes = (svg: string) => svg.match(/<path class="axis"[^>]*>|<text class="quiet"[^>]*>[^<]*/g);
  expect(axes(some)).toEqual(axes(all));
  const lines = (svg: string) => svg.match(/<path class="line plain/g);
  expect([lines(all)?.length, lines(some)?.length]).toEqual([4, 1]);
  // Numbers of axes lie on plates over the lines.
  const drawn = all.slice(all.lastIndexOf("line plain"));
  expect(drawn.match(/<rect class="paper"[^>]*>\s*<text class="quiet"/g)).toHaveLength(axes(all)!.length - 4);
  expect(parallelCoordinates(figure, [])).toContain("No trial has finished.");
});
