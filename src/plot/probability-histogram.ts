import { linearAxis } from "./axis.ts";
import { areaStyle, type Chart } from "./chart.ts";
import { drawBeneath, drawFrame, leftMargin } from "./frame.ts";
import { element } from "./markup.ts";
import { numberText } from "./number-text.ts";
import { picture } from "./picture.ts";

export interface ProbabilityFigure extends Chart {
  /** Of the right class: of images that are classified right, and of those that are not. */
  readonly right: readonly number[];
  readonly wrong: readonly number[];
}

const bins = 25;
const panelHeight = 200;

/** Histograms of what a model gives the right class, of right and of wrong images: one SVG document. */
export function probabilityHistogram({ right, wrong, id, title, width = 520 }: ProbabilityFigure): string {
  const counts = [right, wrong].map(histogram);
  const isNarrow = width < 420;
  const top = isNarrow ? 52 : 34;
  const bottom = top + panelHeight;
  const y = linearAxis([0, ...counts.flat()], bottom, top, 5);
  const box = { left: leftMargin(y), right: width - 14, top, bottom };
  const x = linearAxis([0, 1], box.left, box.right, 5);
  const bars = counts.flatMap((heights, group) =>
    heights.flatMap((count, bin) => {
      const [from, to] = [x.place(bin / bins), x.place((bin + 1) / bins)];
      const column = { x: from, y: y.place(count), width: to - from - 1, height: bottom - y.place(count) };
      return count === 0 ? [] : [element("rect", { class: `column ${group === 0 ? "right" : "wrong"}`, ...column })];
    }),
  );
  const description = `${numberText(right.length, "count")} images are classified right, ${numberText(wrong.length, "count")} wrong.`;
  const legend = [
    ["right", `classified right (${numberText(right.length, "count")})`, box.left, 6],
    [
      "wrong",
      `classified wrong (${numberText(wrong.length, "count")})`,
      box.left + (isNarrow ? 0 : 190),
      isNarrow ? 24 : 6,
    ],
  ] as const;
  return picture({ id, title, description, width, height: bottom + 44, style: areaStyle }, [
    drawFrame(box, x, y),
    ...bars,
    ...legend.flatMap(([group, name, from, row]) => [
      element("rect", { class: `column ${group}`, x: from, y: row, width: 12, height: 10 }),
      element("text", { x: from + 18, y: row + 9 }, name),
    ]),
    drawBeneath(box, x, "probability of the right class"),
  ]);
}

function histogram(values: readonly number[]): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) if (Number.isFinite(value)) counts[Math.min(bins - 1, Math.floor(value * bins))]++;
  return counts;
}
