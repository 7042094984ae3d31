import { figurePdf } from "../plot/figure-pdf.ts";
import { findPackage, missingPackage, requirePackage } from "./optional-package.ts";
import { endingOf, figureEndings } from "./output-file.ts";

/** What is used of @resvg/resvg-js. */
interface Resvg {
  readonly Resvg: new (svg: string, options: object) => { readonly render: () => { readonly asPng: () => Buffer } };
}

const need = {
  complaint: "a PNG is drawn by resvg in Arimo (8 MB)",
  otherwise: ".svg or .pdf",
  packages: ["@resvg/resvg-js", "@expo-google-fonts/arimo"],
} as const;

/** Of the metrics that figures are laid out for. */
const font = "@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf";

/** Pixels of the picture for one of the figure's, so that it is sharp in print. */
const zoom = 2;

/** A figure as the content of a file. */
export type FigureWriter = (svg: string) => string | Uint8Array;

/**
 * What makes of a figure's SVG the content of `file`, by its ending.
 * @throws Fault `usage` for another ending, and for a PNG where its packages are not installed: before any work is done
 */
export function figureWriter(flag: string, file: string): FigureWriter {
  const ending = endingOf(flag, file, figureEndings);
  if (ending === ".pdf") return figurePdf;
  return ending === ".png" ? pngWriter(flag) : (svg) => `${svg}\n`;
}

/** @throws Fault `usage` where the packages are not installed */
function pngWriter(flag: string): FigureWriter {
  const { Resvg } = requirePackage("@resvg/resvg-js", { flag, ...need }) as Resvg;
  const file = findPackage(font);
  if (file === undefined) throw missingPackage({ flag, ...need });
  const family = "Arimo";
  const fonts = { loadSystemFonts: false, fontFiles: [file], defaultFontFamily: family, sansSerifFamily: family };
  return (svg) => {
    // SVG 1.1's name for pixel by pixel.
    const sharp = svg.replaceAll('image-rendering="pixelated"', 'image-rendering="optimizeSpeed"');
    return new Resvg(sharp, { font: fonts, fitTo: { mode: "zoom", value: zoom } }).render().asPng();
  };
}
