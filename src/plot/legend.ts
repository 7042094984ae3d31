import type { Axis } from "./axis.ts";
import { fontSize, textWidth } from "./figure-style.ts";
import type { Box } from "./frame.ts";
import { drawMarker, type Line } from "./line.ts";
import { element, escapeMarkup } from "./markup.ts";
import type { MetricDescription } from "./metric.ts";
import { numberText } from "./number-text.ts";

/** A curve's name, where the curve ends and what it ends at. */
export interface Label {
  readonly line: Line;
  /** Height of the curve's last finite point; `undefined` when it has none. */
  readonly y: number | undefined;
  readonly value: string;
}

/** The label of a curve whose values are already those of the picture. */
export function labelOf(line: Line, { unit, quantity, scale }: MetricDescription, y: Axis): Label {
  const finite = line.points.findLast(({ value }) => Number.isFinite(value));
  const last = line.points.at(-1)?.value ?? Number.NaN;
  const value = numberText(last / scale, quantity);
  return {
    line,
    y: finite === undefined ? undefined : y.place(finite.value),
    value: Number.isFinite(last) && unit === "%" ? `${value} %` : value,
  };
}

const keyWidth = 22;
const labelHeight = 2.6 * fontSize;

/** Pixels to keep free right of the curves for `endLabels`. */
export function endLabelsWidth(labels: readonly Label[]): number {
  return 14 + keyWidth + Math.max(...labels.flatMap(({ line, value }) => [textWidth(line.name), textWidth(value)]));
}

/** Names and last values beside the ends of the curves, moved apart where they would overlap. */
export function endLabels(labels: readonly Label[], { right, top, bottom }: Box): string {
  const wanted = labels.map(({ y }) => y ?? (top + bottom) / 2);
  const placed = moveApart(wanted, labelHeight, top, bottom - fontSize);
  return labels
    .map(({ line, value }, index) => {
      const y = placed[index];
      const textX = right + 10 + keyWidth;
      return [
        drawKey(line, right + 10, y),
        element("text", { x: textX, y: y + 4 }, escapeMarkup(line.name)),
        element("text", { class: "quiet", x: textX, y: y + 4 + 1.2 * fontSize }, escapeMarkup(value)),
      ].join("\n");
    })
    .join("\n");
}

/** Names only, in one row that ends at `right`: for pictures too narrow for labels beside the curves. */
export function legendRow(labels: readonly Label[], right: number, y: number): string {
  let x = right;
  return [...labels]
    .reverse()
    .map(({ line }) => {
      x -= textWidth(line.name);
      const name = element("text", { x, y }, escapeMarkup(line.name));
      x -= keyWidth;
      const key = drawKey(line, x, y - 4);
      x -= 10;
      return `${key}\n${name}`;
    })
    .join("\n");
}

function drawKey(line: Line, x: number, y: number): string {
  const stroke = element("path", { class: `line ${line.style}`, d: `M${x.toFixed(1)},${y.toFixed(1)}h16` });
  return `${stroke}\n${drawMarker(line.style, { x: x + 8, y })}`;
}

/** Heights at least `gap` apart, between `low` and `high` where they fit, as near to the wanted ones as that allows. */
export function moveApart(wanted: readonly number[], gap: number, low: number, high: number): readonly number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a] - wanted[b]);
  const placed = [...wanted];
  for (const [rank, index] of order.entries()) {
    const least = rank === 0 ? low : placed[order[rank - 1]] + gap;
    placed[index] = Math.max(wanted[index], least);
  }
  for (const [rank, index] of order.toReversed().entries()) {
    const most = rank === 0 ? high : placed[order.toReversed()[rank - 1]] - gap;
    placed[index] = Math.min(placed[index], most);
  }
  return placed;
}
