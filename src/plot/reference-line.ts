import type { Axis } from "./axis.ts";
import { fontSize } from "./figure-style.ts";
import type { Box } from "./frame.ts";
import { element, escapeMarkup } from "./markup.ts";
import { type Metric, metrics } from "./metric.ts";

// Pixels: of a name's row, and of the dashes after it.
const rowHeight = 1.4 * fontSize;
const keyWidth = 29;

/** A number from elsewhere, to hold a curve against: a line across the panel with its name on it. */
export interface Reference {
  /** `reported, test: 39.14 %` */
  readonly name: string;
  /** In the record's units. */
  readonly value: number;
}

/** Lines across the panel; what each is stands in the corner that curves leave free: where they rise at the bottom, else on top. */
export function drawReferences(
  references: readonly Reference[],
  metric: Metric,
  { left, right, top, bottom }: Box,
  y: Axis,
): string {
  const { scale } = metrics[metric];
  const isRising = metric === "accuracy";
  return references
    .map(({ name, value }, at) => {
      const height = y.place(value * scale);
      const row = rowHeight * (isRising ? references.length - 1 - at : at);
      const baseline = isRising ? bottom - 9 - row : top + 15 + row;
      const key = right - keyWidth;
      return [
        element("path", { class: "reference", d: `M${left.toFixed(1)},${height.toFixed(1)}H${right.toFixed(1)}` }),
        element("path", { class: "reference", d: `M${key.toFixed(1)},${(baseline - 4).toFixed(1)}h${keyWidth - 6}` }),
        element("text", { class: "reference", x: key - 6, y: baseline, "text-anchor": "end" }, escapeMarkup(name)),
      ].join("\n");
    })
    .join("\n");
}

/** The same in a sentence. */
export function describeReferences(references: readonly Reference[]): string {
  return references.length === 0 ? "" : ` Lines across: ${references.map(({ name }) => name).join("; ")}.`;
}
