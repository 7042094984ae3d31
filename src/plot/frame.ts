import { largestOf } from "../math/extremes.ts";
import type { Axis } from "./axis.ts";
import { fontSize, textWidth } from "./figure-style.ts";
import { element, escapeMarkup } from "./markup.ts";
import type { NotFinite } from "./not-finite.ts";

// Pixels: the row above a panel that names it, the steps beneath the lowest one, a mark's row between name and panel.
export const titleRow = 26;
export const stepsRow = 44;
const markRow = 1.3 * fontSize;

/** Pixels to keep free above a panel for `drawMarks`. */
export function marksHeight(marks: readonly NotFinite[]): number {
  return marks.length * markRow;
}

/** Pixels left of the panels for the numbers of their vertical axes. */
export function leftMargin(...axes: readonly Axis[]): number {
  const texts = axes.flatMap((axis) => axis.ticks.map(({ text }) => textWidth(text)));
  return 12 + largestOf([26, ...texts]);
}

/** The edges of a panel, in pixels from the figure's upper left corner. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Thin lines at the ticks of both axes, the values beside them, and a baseline: no box. */
export function drawFrame({ left, right, top, bottom }: Box, x: Axis, y: Axis): string {
  return [
    ...x.ticks.map(({ position }) => element("path", { class: "grid", d: vertical(position, top, bottom) })),
    ...y.ticks.map(({ position }) => element("path", { class: "grid", d: horizontal(position, left, right) })),
    element("path", { class: "axis", d: horizontal(bottom, left, right) }),
    ...y.ticks.map(({ position, text }) =>
      element("text", { class: "quiet", x: left - 7, y: position + 4, "text-anchor": "end" }, escapeMarkup(text)),
    ),
  ].join("\n");
}

/** The steps beneath the lowest panel: numbers, the axis's name and, where they fit, a tick at every epoch. */
export function drawSteps(box: Box, x: Axis, stepsPerEpoch: number | undefined, stepName = "update step"): string {
  const epochs = epochSteps(x, stepsPerEpoch, box.right);
  const name = epochs.length === 0 ? stepName : `${stepName} (short ticks: epochs of ${epochs[0]} steps)`;
  const ticks = epochs.map((step) => x.place(step));
  return [
    ...ticks.map((position) => element("path", { class: "axis", d: vertical(position, box.bottom, box.bottom - 4) })),
    drawBeneath(box, x, name),
  ].join("\n");
}

/** The numbers of a horizontal axis beneath the lowest panel, and its name. */
export function drawBeneath({ left, right, bottom }: Box, x: Axis, name: string): string {
  return [
    ...x.ticks.flatMap(({ position, text }) => [
      element("path", { class: "axis", d: vertical(position, bottom, bottom + 4) }),
      element("text", { class: "quiet", x: position, y: bottom + 17, "text-anchor": "middle" }, escapeMarkup(text)),
    ]),
    element("text", { x: (left + right) / 2, y: bottom + 37, "text-anchor": "middle" }, escapeMarkup(name)),
  ].join("\n");
}

/** The ends of the epochs up to `right`; none where their ticks would be closer than 5 pixels. */
function epochSteps(x: Axis, stepsPerEpoch: number | undefined, right: number): readonly number[] {
  if (stepsPerEpoch === undefined) return [];
  const spacing = x.place(stepsPerEpoch) - x.place(0);
  if (spacing < 5) return [];
  const count = Math.floor((right - x.place(0)) / spacing + 1e-9);
  return Array.from({ length: count }, (_, index) => (index + 1) * stepsPerEpoch);
}

/** Dotted lines down the panel where values leave the finite, what they say each in a row of its own above it. */
export function drawMarks(box: Box, x: Axis, marks: readonly NotFinite[]): string {
  const top = box.top - marksHeight(marks);
  return marks.map((mark, row) => drawNotFinite(box, x, mark, top - 2 + (row + 0.5) * markRow)).join("\n");
}

function drawNotFinite({ left, right, bottom }: Box, x: Axis, mark: NotFinite, row: number): string {
  const position = x.place(mark.step);
  const anchor = position + 6 + textWidth(mark.text) > right ? "end" : "start";
  const textX = anchor === "end" ? Math.max(position - 6, left + textWidth(mark.text)) : position + 6;
  return [
    element("path", { class: "not-finite", d: vertical(position, row - 8, bottom) }),
    element("text", { class: "not-finite", x: textX, y: row, "text-anchor": anchor }, escapeMarkup(mark.text)),
  ].join("\n");
}

function vertical(x: number, from: number, to: number): string {
  return `M${x.toFixed(1)},${from.toFixed(1)}V${to.toFixed(1)}`;
}

function horizontal(y: number, from: number, to: number): string {
  return `M${from.toFixed(1)},${y.toFixed(1)}H${to.toFixed(1)}`;
}
