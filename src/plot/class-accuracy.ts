import { largestOf } from "../math/extremes.ts";
import { linearAxis } from "./axis.ts";
import { areaStyle, type Chart } from "./chart.ts";
import { textWidth } from "./figure-style.ts";
import { drawBeneath } from "./frame.ts";
import { element, escapeMarkup } from "./markup.ts";
import { numberText } from "./number-text.ts";
import { picture } from "./picture.ts";

export interface ClassAccuracyFigure extends Chart {
  readonly classes: readonly ClassAccuracy[];
}

interface ClassAccuracy {
  readonly name: string;
  /** Fractions, with the ends of the 95 % interval. */
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
}

const rowHeight = 22;

/** The accuracy of each class as a bar with its interval: one SVG document. */
export function classAccuracy({ classes, id, title, width = 520 }: ClassAccuracyFigure): string {
  const left = Math.min(16 + largestOf(classes.map(({ name }) => textWidth(name))), width / 3);
  const [top, right] = [8, width - 60];
  const bottom = top + classes.length * rowHeight;
  const x = linearAxis([0, 100], left, right, 5);
  const rows = classes.flatMap(({ name, accuracy, low, high }, index) => {
    const y = top + index * rowHeight;
    const middle = y + rowHeight / 2;
    const [from, to] = [low, high].map((end) => x.place(100 * end).toFixed(1));
    const whisker = `M${from},${middle - 3}V${middle + 3}M${from},${middle}H${to}M${to},${middle - 3}V${middle + 3}`;
    return [
      element("text", { x: left - 7, y: middle + 4, "text-anchor": "end" }, escapeMarkup(name)),
      element("rect", {
        class: "column",
        x: left,
        y: y + 3,
        width: x.place(100 * accuracy) - left,
        height: rowHeight - 6,
      }),
      element("path", { class: "whisker", d: whisker }),
      element("text", { class: "quiet", x: right + 10, y: middle + 4 }, `${(100 * accuracy).toFixed(1)} %`),
    ];
  });
  const description = classes.map(({ name, accuracy }) => `${name} ${numberText(accuracy, "fraction")} %`).join(", ");
  return picture({ id, title, description: `${description}.`, width, height: bottom + 44, style: areaStyle }, [
    ...rows,
    drawBeneath({ left, right, top, bottom }, x, "accuracy (%), with 95 % intervals"),
  ]);
}
