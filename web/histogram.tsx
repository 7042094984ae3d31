import { useCallback } from "preact/hooks";
import { linearAxis } from "../src/plot/axis.ts";
import { drawBeneath, drawFrame, leftMargin } from "../src/plot/frame.ts";
import { element } from "../src/plot/markup.ts";
import { numberText } from "../src/plot/number-text.ts";
import { picture } from "../src/plot/picture.ts";
import { Figure } from "./figure.tsx";

/** How sure the network was of the right class, image by image. */
export function Histogram({ counts, id }: { readonly counts: readonly number[]; readonly id: string }) {
  const draw = useCallback((width: number) => histogram(counts, width), [counts]);
  const rows = counts.map((count, bin) => [bin / counts.length, (bin + 1) / counts.length, count]);
  return (
    <section class="probabilities">
      <h2>Probability of the right class</h2>
      <Figure
        name={`${id}-probabilities`}
        caption="Test images by the probability that the network gave to their right class."
        draw={draw}
        data={{
          columns: [
            { name: "from", quantity: "rate" },
            { name: "to", quantity: "rate" },
            { name: "images", quantity: "count" },
          ],
          rows,
        }}
      />
    </section>
  );
}

// Pixels.
const top = 26;
const bottom = 206;
const height = 250;

function histogram(counts: readonly number[], width: number): string {
  const y = linearAxis([0, ...counts], bottom, top, 4);
  const left = leftMargin(y);
  const right = width - 18;
  const x = linearAxis([0, 1], left, right, 5);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const half = counts.slice(counts.length / 2).reduce((sum, count) => sum + count, 0);
  const box = { left, right, top, bottom };
  const description = `Of ${numberText(total, "count")} test images, ${numberText(half, "count")} have a probability of the right class of one half or more.`;
  return picture({ id: "probabilities", title: "Probability of the right class", description, width, height }, [
    drawFrame(box, x, y),
    drawBeneath(box, x, "probability of the right class"),
    element("text", { x: left, y: 14 }, "images"),
    ...counts.map((count, bin) => {
      const from = x.place(bin / counts.length) + 1;
      const to = x.place((bin + 1) / counts.length);
      const attributes = { class: "mark train", x: from, y: y.place(count), width: Math.max(0, to - from - 1) };
      return element("rect", { ...attributes, height: bottom - y.place(count) });
    }),
  ]);
}
