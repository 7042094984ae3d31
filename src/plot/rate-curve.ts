import { linearAxis, stepAxis } from "./axis.ts";
import type { Chart } from "./chart.ts";
import { drawFrame, drawSteps, leftMargin, stepsRow, titleRow } from "./frame.ts";
import { drawLine } from "./line.ts";
import { element } from "./markup.ts";
import { numberText } from "./number-text.ts";
import { picture } from "./picture.ts";
import { type Rate, rateLine } from "./run-lines.ts";

export interface RateFigure extends Chart {
  readonly rates: readonly Rate[];
  readonly stepsPerEpoch?: number;
}

const panelHeight = 180;

/** The learning rate against the update step: one SVG document. */
export function rateCurve({ rates, stepsPerEpoch, id, title, width = 640 }: RateFigure): string {
  const line = rateLine(rates);
  const values = line.points.map(({ value }) => value);
  const [top, bottom] = [titleRow, titleRow + panelHeight];
  const y = linearAxis([0, ...values], bottom, top, 4);
  const box = { left: leftMargin(y), right: width - 14, top, bottom };
  const x = stepAxis(
    rates.map(({ step }) => step),
    box.left,
    box.right,
  );
  const [low, high] = [Math.min, Math.max].map((pick) =>
    numberText(
      values.reduce((a, b) => pick(a, b)),
      "rate",
    ),
  );
  const description = `The learning rate over ${numberText(rates.length, "count")} updates, between ${low} and ${high}.`;
  return picture({ id, title, description, width, height: bottom + stepsRow }, [
    drawFrame(box, x, y),
    drawSteps(box, x, stepsPerEpoch),
    element("text", { x: box.left, y: 14 }, "learning rate η"),
    drawLine(line, x, y, rates.length === 1),
  ]);
}
