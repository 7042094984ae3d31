import { encode } from "fast-png";
import { linearAxis } from "./axis.ts";
import { base64 } from "./base64.ts";
import type { Chart } from "./chart.ts";
import { drawBeneath, drawFrame, leftMargin } from "./frame.ts";
import { drawMarker } from "./marker.ts";
import { element, escapeMarkup } from "./markup.ts";
import { numberText } from "./number-text.ts";
import { picture } from "./picture.ts";
import { seriesStyle, seriesStyles } from "./series-style.ts";

export interface DecisionFigure extends Chart {
  readonly classes: readonly string[];
  /** Places of the grid to one side, over bytes 0 to 255 of both inputs; the second input grows downwards. */
  readonly side: number;
  /** Of every class at every place, row by row from the top: [side * side, classes]; none before a network was asked. */
  readonly probabilities?: ArrayLike<number> | undefined;
  readonly points: { readonly bytes: Uint8Array; readonly labels: Uint8Array }; // [n, 2], [n]
}

// The light inks of the series, as red, green and blue: a class keeps the colour of its markers.
const inks = [
  [0, 114, 178],
  [213, 94, 0],
  [0, 121, 90],
  [163, 69, 125],
  [66, 74, 83],
  [122, 92, 0],
] as const;

/** Examples stand out from areas of their own colour. */
const outline = ".gradus-figure .plane .mark{stroke:#1f2328;stroke-width:0.9}\n";

/** How much an area covers of the paper, light or dark. */
const opacity = 0.5;

/** What a network of two inputs makes of a plane: areas tinted by class and certainty, examples on them. One SVG document. */
export function decisionSurface(figure: DecisionFigure): string {
  const { classes, side, probabilities, points, id, title, width = 420 } = figure;
  const size = Math.min(width - 60, 480);
  const top = 30;
  const bottom = top + size;
  const y = linearAxis([0, 255], top, bottom, 5);
  const left = leftMargin(y);
  const box = { left, right: left + size, top, bottom };
  // Without room at the ends: the areas reach them.
  const place = (from: number) => (byte: number) => from + ((byte + 0.5) * size) / 256;
  const [across, down] = [place(left), place(top)];
  const ticks = [0, 64, 128, 192, 255];
  const axis = (of: (byte: number) => number) => ({
    place: of,
    ticks: ticks.map((byte) => ({ position: of(byte), text: String(byte) })),
  });
  const marks = Array.from(points.labels, (label, point) =>
    drawMarker(styleOf(label), { x: across(points.bytes[2 * point]), y: down(points.bytes[2 * point + 1]) }),
  );
  const href =
    probabilities === undefined ? "" : `data:image/png;base64,${base64(areas(probabilities, classes.length, side))}`;
  const legend = classes.flatMap((name, label) => {
    const x = left + 8 + (label * size) / classes.length;
    return [drawMarker(styleOf(label), { x, y: 11 }), element("text", { x: x + 9, y: 15 }, escapeMarkup(name))];
  });
  const height = bottom + 44;
  return picture({ id, title, description: describe(figure), width, height, style: seriesStyle + outline }, [
    drawFrame(box, axis(across), axis(down)),
    ...(probabilities === undefined ? [] : [element("image", { x: left, y: top, width: size, height: size, href })]),
    element("g", { class: "plane" }, ...marks),
    ...legend,
    drawBeneath(box, axis(across), "inputs, as bytes"),
  ]);
}

function styleOf(label: number) {
  return seriesStyles[label % seriesStyles.length];
}

/** A pixel a place, as a PNG. */
function areas(probabilities: ArrayLike<number>, classes: number, side: number): Uint8Array {
  const data = new Uint8Array(4 * side * side);
  for (let at = 0; at < side * side; at++) {
    for (let colour = 0; colour < 3; colour++) {
      let value = 0;
      for (let label = 0; label < classes; label++) {
        value += probabilities[at * classes + label] * inks[label % inks.length][colour];
      }
      data[4 * at + colour] = Number.isFinite(value) ? Math.round(value) : 0;
    }
    data[4 * at + 3] = Math.round(255 * opacity);
  }
  return encode({ width: side, height: side, data, channels: 4, depth: 8 });
}

function describe({ classes, side, probabilities, points: { bytes, labels } }: DecisionFigure): string {
  const shown = `${numberText(labels.length, "count")} examples of ${classes.length} classes`;
  if (probabilities === undefined) return `${shown}; no network has been asked yet.`;
  const right = labels.filter((label, point) => {
    const [column, row] = [0, 1].map((input) => Math.floor((bytes[2 * point + input] * side) / 256));
    const from = (row * side + column) * classes.length;
    return classes.every((_, other) => probabilities[from + other] <= probabilities[from + label]);
  });
  return `Of ${shown}, ${numberText(right.length, "count")} lie where the network finds their class the likeliest.`;
}
