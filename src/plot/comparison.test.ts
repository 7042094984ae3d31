import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Measurement } from "../record/event.ts";
import { type ComparisonFigure, comparison } from "./comparison.ts";
import { fontSize, textWidth } from "./figure-style.ts";
import series from "./fixtures/series.json" with { type: "json" };

const runs: ComparisonFigure["runs"] = [
  { name: "with batch norm", series: scaled(1.1), reported: [{ step: 500, value: 0.4 }] },
  { name: "without", series },
];
const figure: ComparisonFigure = {
  runs,
  metric: "accuracy",
  part: "validation",
  id: "compared",
  title: "validation accuracy of two runs",
};

/** The series with its validation accuracies and losses multiplied. */
function scaled(factor: number): readonly Measurement[] {
  return series.map((row) => {
    const { accuracy, loss } = row.validation;
    return { ...row, validation: { ...row.validation, accuracy: accuracy * factor, loss: loss * factor } };
  });
}

function elements(svg: string, pattern: RegExp) {
  return [...svg.matchAll(pattern)].map(([, x, y, text]) => ({ x: Number(x), y: Number(y), text }));
}

// Golden pictures: look at a changed one before accepting it (README.md says how).
describe("a picture, to the last character", () => {
  test.each<[string, ComparisonFigure]>([
    ["comparison", { ...figure, stepsPerEpoch: 100 }],
    ["comparison-narrow", { ...figure, width: 360 }],
  ])("%s", async (name, shown) => {
    await expect(comparison(shown)).toMatchFileSnapshot(`fixtures/${name}.svg`);
  });
});

describe("comparison", () => {
  test("puts a reported value where its step and its percentage are on the axes", () => {
    const svg = comparison(figure);
    const [marker] = elements(svg, /class="mark hollow series-1" cx="([\d.]+)" cy="([\d.]+)"/g);
    const steps = elements(svg, /x="([\d.]+)" y="([\d.]+)" text-anchor="middle">([\d,]+)</g);
    const at = (text: string) => steps.find((tick) => tick.text === text)?.x ?? Number.NaN;
    expect(marker.x).toBeCloseTo((at("400") + at("600")) / 2, 1);
    const percents = elements(svg, /x="([\d.]+)" y="([\d.]+)" text-anchor="end">(\d+)</g);
    expect(marker.y).toBeCloseTo((percents.find(({ text }) => text === "40")?.y ?? 0) - 4, 1);
  });

  test("draws the part that was asked for", () => {
    const ends = (part: "train" | "validation") =>
      elements(comparison({ ...figure, part }), /<text class="quiet" x="([\d.]+)" y="([\d.]+)">([\d.]+) %</g);
    expect(ends("validation").map(({ text }) => text)).toEqual(["50.16", "45.60"]);
    expect(ends("train").map(({ text }) => text)).toEqual(["60.50", "60.50"]);
  });

  test("smoothed, it shows what was measured too; a window shows the same curves; steps by their logarithm", () => {
    const smooth = { ...figure, smoothing: 0.6 };
    const svg = comparison(smooth);
    expect(svg.match(/class="line series-\d measured"/g)).toHaveLength(2);
    expect(svg).toMatch(/<desc[^>]*>[^<]*thick: smoothed, keeping 0.6/);
    const ends = (text: string) => [...text.matchAll(/<text class="quiet" [^>]*>([\d.]+ %)</g)].map(([, end]) => end);
    expect(ends(svg)).not.toEqual(ends(comparison(figure)));
    const last = series.at(-1)?.step ?? 0;
    expect(ends(comparison({ ...smooth, window: { from: last / 2, to: last } }))).toEqual(ends(svg));
    expect(comparison({ ...figure, logarithmicSteps: true })).toContain("update step, logarithmic");
  });

  test("tells in words what it shows, and escapes names", () => {
    const svg = comparison({ ...figure, runs: [runs[0], { name: "<b> & co", series: [] }] });
    expect(svg).toContain(
      "validation accuracy (%) against update step: with batch norm from 11.37 to 50.16 at step 1,000, reported 40.00 at step 500; &lt;b&gt; &amp; co no measurements.",
    );
    expect(svg).not.toContain("<b>");
    expect(svg).toContain('aria-labelledby="compared-title compared-description"');
  });

  test("explains hollow markers once, in their run's look or in no run's", () => {
    const both = runs.map((run) => ({ ...run, reported: [{ step: 0, value: 0.1 }] }));
    expect(comparison(figure).match(/>reported</g)).toHaveLength(1);
    expect(comparison(figure)).not.toContain('class="mark hollow any"');
    expect(comparison({ ...figure, runs: both })).toContain('class="mark hollow any"');
    expect(comparison({ ...figure, runs: [runs[1], runs[1]] })).not.toContain(">reported<");
  });

  test("counts what it is told to count", () => {
    const svg = comparison({ ...figure, stepName: "trial, in run order" });
    expect(svg).toContain(">trial, in run order</text>");
    expect(svg).not.toContain("update step");
  });

  test("marks where a run leaves the finite", () => {
    const lost = series.map((row) => (row.step < 300 ? row : { ...row, validation: { ...row.validation, loss: NaN } }));
    const svg = comparison({ ...figure, metric: "loss", runs: [runs[1], { name: "too fast", series: lost }] });
    expect(svg).toContain("too fast not finite from step 300");
  });

  test("refuses more runs than it can keep apart, and reports without numbers", () => {
    expect(() => comparison({ ...figure, runs: Array(7).fill(runs[1]) })).toThrow(/at most 6 runs apart, not 7/);
    const wrong = [{ ...runs[1], reported: [{ step: 3, value: Number.NaN }] }];
    expect(() => comparison({ ...figure, runs: wrong })).toThrow(/without: a report has no value NaN at step 3/);
  });

  test("never lays one name over another, whatever the names and where the curves end", () => {
    const name = fc.string({ minLength: 1, maxLength: 60, unit: fc.constantFrom("m", "i", " ", "λ", "W", "-") });
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 2, maxLength: 6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (names, spread) => {
          const compared = names.map((name, index) => ({ name, series: scaled(1 + (index * spread) / 5) }));
          for (const width of [360, 640]) {
            const svg = comparison({ ...figure, runs: compared, width });
            const texts = elements(svg, /<text(?: class="quiet")? x="([\d.]+)" y="([\d.]+)">([^<]*)</g);
            for (const [index, a] of texts.entries()) {
              expect(a.x + textWidth(a.text)).toBeLessThanOrEqual(width + 1);
              for (const b of texts.slice(index + 1)) {
                const apart =
                  Math.abs(a.y - b.y) >= fontSize || a.x + textWidth(a.text) <= b.x || b.x + textWidth(b.text) <= a.x;
                expect(apart, `${a.text} and ${b.text}`).toBe(true);
              }
            }
          }
        },
      ),
    );
  });

  test("never writes a coordinate that is not a number", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0 }), { minLength: 3, maxLength: 3 }),
        fc.integer({ min: 1, max: 4 }),
        (losses, count) => {
          const rows = losses.map((loss, index) => {
            const row = series[index];
            return { ...row, validation: { ...row.validation, loss } };
          });
          const compared = Array.from({ length: count }, (_, index) => ({ name: `run ${index}`, series: rows }));
          const svg = comparison({ ...figure, metric: "loss", logarithmic: true, runs: compared });
          expect(svg).not.toMatch(/="[^"]*(NaN|Infinity)/);
        },
      ),
    );
  });
});
