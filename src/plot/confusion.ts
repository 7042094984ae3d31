import { largestOf } from "../math/extremes.ts";
import { areaStyle, type Chart } from "./chart.ts";
import { textWidth } from "./figure-style.ts";
import { element, escapeMarkup } from "./markup.ts";
import { picture } from "./picture.ts";

export interface ConfusionFigure extends Chart {
  readonly classes: readonly string[];
  /** Images by their class and the class they are taken for: [label][predicted]. */
  readonly counts: readonly (readonly number[])[];
}

// Pixels: the smallest cell that a number fits in, the largest that looks well.
const roomForNumber = 26;
const largestCell = 40;

/** A confusion matrix: a row a class, a column a predicted class, the tint a share of the row. One SVG document. */
export function confusion({ classes, counts, id, title, width = 520 }: ConfusionFigure): string {
  const left = Math.min(16 + largestOf(classes.map(textWidth)), width / 3);
  const cell = Math.min(largestCell, (width - left - 8) / classes.length);
  const top = 20 + left * 0.72;
  const rowTotals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const cells = counts.flatMap((row, label) =>
    row.flatMap((count, predicted) => {
      const [x, y] = [left + predicted * cell, top + label * cell];
      const share = rowTotals[label] === 0 ? 0 : count / rowTotals[label];
      const middle = { x: x + cell / 2, y: y + cell / 2 + 4, "text-anchor": "middle" };
      return [
        element("rect", { class: "cell", x, y, width: cell - 1, height: cell - 1, "fill-opacity": share.toFixed(2) }),
        ...(cell >= roomForNumber && count > 0 ? [element("text", middle, String(count))] : []),
      ];
    }),
  );
  const names = classes.flatMap((name, index) => {
    const middle = (index + 0.5) * cell;
    const across = {
      x: left + middle,
      y: top - 6,
      transform: `rotate(-45 ${(left + middle).toFixed(1)} ${(top - 6).toFixed(1)})`,
    };
    if (cell < 12) return [];
    return [
      element("text", { class: "quiet", x: left - 7, y: top + middle + 4, "text-anchor": "end" }, escapeMarkup(name)),
      element("text", { class: "quiet", ...across }, escapeMarkup(name)),
    ];
  });
  const height = Math.ceil(top + classes.length * cell + 26);
  const legend = "columns: predicted class; rows: class";
  // Of two classes it is wider than the matrix.
  const middle = Math.max(left + (classes.length * cell) / 2, textWidth(legend) / 2);
  const under = { x: middle, y: height - 8, "text-anchor": "middle" };
  return picture({ id, title, description: describe(classes, counts), width, height, style: areaStyle }, [
    ...cells,
    ...names,
    element("text", under, legend),
  ]);
}

function describe(classes: readonly string[], counts: readonly (readonly number[])[]): string {
  const mistakes = counts.flatMap((row, label) =>
    row.flatMap((count, predicted) => (label === predicted ? [] : [{ count, label, predicted }])),
  );
  const worst = mistakes.toSorted((a, b) => b.count - a.count).slice(0, 3);
  const confusions = worst.map(
    ({ count, label, predicted }) => `${classes[label]} for ${classes[predicted]} ${count} times`,
  );
  return `Most often taken for another: ${confusions.join(", ")}.`;
}
