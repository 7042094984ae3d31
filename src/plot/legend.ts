import { largestOf } from "../math/extremes.ts";
import type { Axis } from "./axis.ts";
import { fontSize, textWidth } from "./figure-style.ts";
import type { Box } from "./frame.ts";
import type { Line } from "./line.ts";
import { drawMarker, type MarkStyle } from "./marker.ts";
import { element, escapeMarkup } from "./markup.ts";
import type { MetricDescription } from "./metric.ts";
import { numberText } from "./number-text.ts";

/** What a curve or a group of markers is called, and how it looks in the 16 pixels right of a point. */
export interface Entry {
  readonly name: string;
  readonly key: (x: number, y: number) => string;
}

/** An entry where a curve ends, with what it ends at. */
export interface Label extends Entry {
  /** The curve's last finite value; `undefined` when it has none. */
  readonly end: number | undefined;
  /** Empty for what has no end. */
  readonly text: string;
}

/** The label of a curve whose values are already those of the picture. */
export function labelOf(line: Line, { unit, quantity, scale }: MetricDescription): Label {
  const finite = line.points.findLast(({ value }) => Number.isFinite(value));
  const last = line.points.at(-1)?.value ?? Number.NaN;
  const text = numberText(last / scale, quantity);
  return {
    name: line.name,
    key: lineKey(line),
    end: finite?.value,
    text: Number.isFinite(last) && unit === "%" ? `${text} %` : text,
  };
}

/** An entry of markers that no line joins. */
export function markerEntry(name: string, style: MarkStyle, filling: "full" | "hollow"): Entry {
  return { name, key: (x, y) => drawMarker(style, { x: x + 8, y }, filling) };
}

const keyWidth = 22;
const labelHeight = 2.6 * fontSize;

/** Pixels to keep free right of the curves for `endLabels`. */
export function endLabelsWidth(labels: readonly Label[]): number {
  return 14 + keyWidth + largestOf(labels.flatMap(({ name, text }) => [textWidth(name), textWidth(text)]));
}

/** Names and last values beside the ends of the curves, moved apart where they would overlap; without an end, lowest. */
export function endLabels(labels: readonly Label[], { right, top, bottom }: Box, y: Axis): string {
  const positions = labels.map(({ end }) => (end === undefined ? bottom : y.place(end)));
  const placed = moveApart(positions, labelHeight, top, bottom - fontSize);
  return labels
    .flatMap(({ name, key, text }, index) => {
      const x = right + 10 + keyWidth;
      const baseline = placed[index] + 4;
      const below = { class: "quiet", x, y: baseline + 1.2 * fontSize };
      return [
        key(right + 10, placed[index]),
        element("text", { x, y: baseline }, escapeMarkup(name)),
        ...(text === "" ? [] : [element("text", below, escapeMarkup(text))]),
      ];
    })
    .join("\n");
}

/** Names only, in one row that ends at `right`: for pictures too narrow for labels beside the curves. */
export function legendRow(entries: readonly Entry[], right: number, y: number): string {
  let x = right;
  return [...entries]
    .reverse()
    .map(({ name, key }) => {
      x -= textWidth(name);
      const text = element("text", { x, y }, escapeMarkup(name));
      x -= keyWidth;
      const drawn = key(x, y - 4);
      x -= 10;
      return `${drawn}\n${text}`;
    })
    .join("\n");
}

const rowHeight = 1.5 * fontSize;

/** A legend in as many rows as it needs. */
interface Legend {
  readonly height: number;
  /** With its first row's baseline at `y`. */
  readonly draw: (y: number) => string;
}

/** Names from `left` on, in rows that end before `right`; a name too long for a row of its own is cut. */
export function legendRows(entries: readonly Entry[], left: number, right: number): Legend {
  const placed: { readonly entry: Entry; readonly name: string; readonly x: number; readonly row: number }[] = [];
  let x = left;
  let row = 0;
  for (const entry of entries) {
    const name = cut(entry.name, right - left - keyWidth);
    const end = x + keyWidth + textWidth(name);
    if (end > right && x > left) {
      x = left;
      row += 1;
    }
    placed.push({ entry, name, x, row });
    x += keyWidth + textWidth(name) + 12;
  }
  return {
    height: (row + 1) * rowHeight,
    draw: (y) =>
      placed
        .flatMap(({ entry, name, x, row }) => {
          const baseline = y + row * rowHeight;
          return [entry.key(x, baseline - 4), element("text", { x: x + keyWidth, y: baseline }, escapeMarkup(name))];
        })
        .join("\n"),
  };
}

/** The text, or as much of its beginning as fits. */
function cut(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join("")}…`) > width) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}

function lineKey(line: Line): Entry["key"] {
  return (x, y) => {
    const stroke = element("path", { class: `line ${line.style}`, d: `M${x.toFixed(1)},${y.toFixed(1)}h16` });
    return `${stroke}\n${drawMarker(line.style, { x: x + 8, y })}`;
  };
}

/** Heights at least `gap` apart, between `low` and `high` where they fit, as near to the wanted ones as that allows. */
export function moveApart(positions: readonly number[], gap: number, low: number, high: number): readonly number[] {
  const order = positions.map((_, index) => index).sort((a, b) => positions[a] - positions[b]);
  const placed = [...positions];
  for (const [rank, index] of order.entries()) {
    const least = rank === 0 ? low : placed[order[rank - 1]] + gap;
    placed[index] = Math.max(positions[index], least);
  }
  for (const [rank, index] of order.toReversed().entries()) {
    const most = rank === 0 ? high : placed[order.toReversed()[rank - 1]] - gap;
    placed[index] = Math.min(placed[index], most);
  }
  return placed;
}
