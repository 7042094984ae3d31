import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accuracyAgainstLambda, type LambdaFigure } from "./against-lambda.ts";

const lambdas = [0, 1e-5, 1e-4, 1e-3, 1e-2];
const validation = lambdas.map((lambda, index) => {
  const accuracy = 0.5 + 0.01 * index;
  return { lambda, accuracy, low: accuracy - 0.02, high: accuracy + 0.01 };
});
const figure: LambdaFigure = {
  groups: [
    { part: "validation", points: validation, reported: [{ lambda: 1e-3, accuracy: 0.52 }] },
    { part: "train", points: lambdas.map((lambda, index) => ({ lambda, accuracy: 0.62 - 0.02 * index })) },
  ],
  bars: "95 % interval",
  id: "search",
  title: "accuracy against lambda",
};
const alone: LambdaFigure = { ...figure, groups: [{ part: "validation", points: validation }] };

const squares = (svg: string) =>
  [...svg.matchAll(/<rect class="mark series-2" x="([\d.]+)" y="([\d.]+)" width="5.5"/g)]
    .map(([, x, y]) => ({ x: Number(x) + 2.75, y: Number(y) + 2.75 }))
    .slice(1); // the first is the legend's
/** Height of a percentage, from two numbers of the vertical axis. */
function heightOf(svg: string, percent: number): number {
  const ticks = [...svg.matchAll(/y="([\d.]+)" text-anchor="end">([\d.]+)</g)].map(([, y, text]) => [+y - 4, +text]);
  const [[y0, p0], [y1, p1]] = ticks;
  return y0 + ((percent - p0) / (p1 - p0)) * (y1 - y0);
}

describe("a picture, to the last character", () => {
  test.each([640, 360])("against-lambda, %s pixels wide", async (width) => {
    await expect(accuracyAgainstLambda({ ...figure, width })).toMatchFileSnapshot(
      `fixtures/against-lambda-${width}.svg`,
    );
  });
});

describe("accuracyAgainstLambda", () => {
  test("spaces decades evenly and puts 0 at the left edge, past a gap", () => {
    const svg = accuracyAgainstLambda(alone);
    const [zero, ...others] = squares(svg).map(({ x }) => x);
    const decade = others[1] - others[0];
    expect(decade).toBeGreaterThan(50);
    expect(others[2] - others[1]).toBeCloseTo(decade, 1);
    expect(others[3] - others[2]).toBeCloseTo(decade, 1);
    expect(others[0] - zero).toBeCloseTo(48, 1);
    const below = [...svg.matchAll(/x="([\d.]+)" y="[\d.]+" text-anchor="middle">([\d.e-]+)</g)];
    expect(below.map(([, , text]) => text)).toEqual(["0", "1e-5", "1e-4", "1e-3", "1e-2"]);
    expect(Number(below[0][1])).toBeCloseTo(zero, 1);
  });

  test("has no gap where there is nothing to jump over", () => {
    const gap = /<rect class="paper" x="[\d.]+" y="[\d.]+" width="6"/;
    const only = (points: typeof validation) =>
      accuracyAgainstLambda({ ...alone, groups: [{ part: "validation", points }] });
    expect(only(validation)).toMatch(gap);
    expect(only(validation.slice(1))).not.toMatch(gap);
    expect(only(validation.slice(0, 1))).not.toMatch(gap);
  });

  test("draws accuracies in percent, each bar from its low to its high", () => {
    const svg = accuracyAgainstLambda(alone);
    expect(squares(svg)[2].y).toBeCloseTo(heightOf(svg, 52), 1);
    const bars = [...svg.matchAll(/class="bar series-2" d="M[\d.]+,([\d.]+)h6M[\d.]+,([\d.]+)h6/g)];
    expect(bars).toHaveLength(5);
    expect(Number(bars[2][1])).toBeCloseTo(heightOf(svg, 53), 0);
    expect(Number(bars[2][2])).toBeCloseTo(heightOf(svg, 50), 0);
    expect(svg).toContain(">95 % interval</text>");
  });

  test("draws no bar without both ends, and says nothing of bars then", () => {
    const points = validation.map(({ lambda, accuracy, low }) => ({ lambda, accuracy, low }));
    const svg = accuracyAgainstLambda({ ...alone, groups: [{ part: "test", points }] });
    expect(svg).not.toContain('class="bar');
    expect(svg).not.toContain("interval");
  });

  test("sets the groups' points of one lambda side by side", () => {
    const svg = accuracyAgainstLambda(figure);
    const disc = [...svg.matchAll(/<circle class="mark series-1" cx="([\d.]+)"/g)].map(([, x]) => Number(x)).slice(1);
    for (const [index, { x }] of squares(svg).entries()) expect(disc[index] - x).toBeCloseTo(7, 1);
  });

  test("shows what was reported as a hollow marker at its lambda", () => {
    const svg = accuracyAgainstLambda(figure);
    const [, hollow] = [...svg.matchAll(/<rect class="mark hollow series-2" x="([\d.]+)" y="([\d.]+)"/g)];
    expect(Number(hollow[1]) + 4.25).toBeCloseTo(squares(svg)[3].x, 1);
    expect(Number(hollow[2]) + 4.25).toBeCloseTo(heightOf(svg, 52), 1);
  });

  test("crosses out a trial without a finite accuracy", () => {
    const points = [...validation, { lambda: 0.1, accuracy: Number.NaN }];
    const svg = accuracyAgainstLambda({ ...alone, groups: [{ part: "validation", points }] });
    expect(svg.match(/class="cross"/g)).toHaveLength(2); // and one in the legend
    expect(svg).toContain(">not finite</text>");
    expect(accuracyAgainstLambda(alone)).not.toContain('class="cross"');
  });

  test("tells in words what it shows", () => {
    expect(accuracyAgainstLambda(figure)).toContain(
      "accuracy (%) against lambda: validation from 50.00 (48.00–51.00) at 0 to 54.00 (52.00–55.00) at 0.01, reported 52.00 at 0.001; training from 54.00 at 0.01 to 62.00 at 0.",
    );
    expect(accuracyAgainstLambda({ ...figure, groups: [] })).toContain("No measurements.");
  });

  test.each([-1e-3, Number.NaN, Number.POSITIVE_INFINITY])("refuses a lambda of %s", (lambda) => {
    const groups = [{ part: "test" as const, points: [{ lambda, accuracy: 0.5 }] }];
    expect(() => accuracyAgainstLambda({ ...figure, groups })).toThrow(RangeError);
  });

  test("draws any search: numbers apart from one another, coordinates that are numbers", () => {
    const fraction = fc.double({ min: 0, max: 1 });
    const point = fc.record({
      lambda: fc.option(fc.double({ min: 1e-12, max: 1e6, noNaN: true }), { nil: 0 }),
      accuracy: fraction,
      low: fraction,
      high: fraction,
    });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 12 }), (points) => {
        for (const width of [320, 640]) {
          const svg = accuracyAgainstLambda({ ...figure, groups: [{ part: "train", points }], width });
          expect(svg).not.toMatch(/="[^"]*(NaN|Infinity)/);
          const numbers = [...svg.matchAll(/x="([\d.]+)" y="[\d.]+" text-anchor="middle">([\d.e-]+)</g)];
          for (const [index, [, x, text]] of numbers.entries()) {
            const next = numbers[index + 1];
            if (next !== undefined) expect(+next[1] - +x).toBeGreaterThan(((text.length + next[2].length) / 2) * 6.9);
          }
        }
      }),
    );
  });
});
