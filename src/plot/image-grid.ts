import { largestOf } from "../math/extremes.ts";
import { base64 } from "./base64.ts";
import type { Chart } from "./chart.ts";
import { fontSize, textWidth } from "./figure-style.ts";
import { element, escapeMarkup } from "./markup.ts";
import { picture } from "./picture.ts";

export interface ImageGridFigure extends Chart {
  readonly images: readonly CaptionedImage[];
  /** Read out after the title. */
  readonly description: string;
  /** Images side by side, where there is room for them. */
  readonly columns?: number;
}

interface CaptionedImage {
  /** PNG; shown pixel by pixel. */
  readonly png: Uint8Array;
  /** Lines beneath it. */
  readonly lines: readonly string[];
}

const gap = 10;
// Pixels of a side, at least: with words beneath it, and without.
const leastSide = { captioned: 56, bare: 34 };
const lineHeight = 1.25 * fontSize;

/** Small pictures in a grid, scaled up, with lines of text beneath them: one SVG document. */
export function imageGrid({ images, id, title, description, columns = 10, width = 760 }: ImageGridFigure): string {
  const lines = largestOf([0, ...images.map((image) => image.lines.length)]);
  const least = lines > 0 ? leastSide.captioned : leastSide.bare;
  const fitting = Math.max(1, Math.floor((width + gap) / (least + gap)));
  const across = Math.min(columns, fitting, images.length);
  const side = Math.min(96, (width - gap * (across - 1)) / across);
  const rowHeight = side + lines * lineHeight + 14;
  const drawn = images.flatMap(({ png, lines: texts }, index) => {
    const [x, y] = [(index % across) * (side + gap), Math.floor(index / across) * rowHeight];
    const href = `data:image/png;base64,${base64(png)}`;
    return [
      element("image", { x, y, width: side, height: side, href, "image-rendering": "pixelated" }),
      ...texts.map((text, line) => {
        const place = {
          class: line === 0 ? undefined : "quiet",
          x: x + side / 2,
          y: y + side + (line + 1) * lineHeight,
        };
        return element("text", { ...place, "text-anchor": "middle" }, escapeMarkup(cut(text, side + gap)));
      }),
    ];
  });
  const height = Math.ceil(Math.max(1, Math.ceil(images.length / across)) * rowHeight - 8);
  return picture({ id, title, description, width, height }, drawn);
}

function cut(text: string, width: number): string {
  // Names of the widest letters take less than this in every font.
  return textWidth(text) <= 1.35 * width ? text : `${[...text].slice(0, Math.floor(width / 7.5)).join("")}…`;
}
