import { fontSize } from "./figure-style.ts";
import { pdfNumber } from "./pdf-number.ts";
import type { Shape } from "./svg-shapes.ts";

/** The fonts of `drawText`, which no file needs to bring, by the names it uses. */
export const pdfFonts =
  "/F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> /G << /Type /Font /Subtype /Type1 /BaseFont /Symbol >>";

/** Characters of one font, as its codes. */
interface Run {
  readonly font: "F" | "G";
  readonly codes: readonly number[];
}

/** Text at its baseline, upright again; with an outline beneath it where it has one. Greek is set in Symbol. */
export function drawText({ attributes, text }: Shape, outlined: boolean): string {
  const runs = runsOf(text);
  const width = (runs.flatMap(widthsOf).reduce((sum, width) => sum + width, 0) * fontSize) / 1000;
  const shift = { middle: width / 2, end: width }[attributes["text-anchor"]] ?? 0;
  const angle = (Number(/^rotate\((-?[\d.]+)/.exec(attributes.transform ?? "")?.[1] ?? 0) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  // Rotated about its own place, which is where a figure of this room rotates it.
  const [x, y] = [Number(attributes.x) - shift * cos, Number(attributes.y) - shift * sin];
  const place = `${[cos, sin, sin, -cos, x, y].map(pdfNumber).join(" ")} Tm`;
  const strings = runs.map(({ font, codes }) => `/${font} ${fontSize} Tf (${codes.map(literal).join("")}) Tj`);
  const operators = `${place} ${strings.join(" ")}`;
  return `BT ${outlined ? `1 Tr ${operators} 0 Tr ` : ""}${operators} ET`;
}

function runsOf(text: string): readonly Run[] {
  const runs: { font: Run["font"]; codes: number[] }[] = [];
  for (const character of text) {
    const greek = symbolCodes[character];
    const [font, code] = greek === undefined ? (["F", winAnsi(character)] as const) : (["G", greek[0]] as const);
    if (runs.at(-1)?.font !== font) runs.push({ font, codes: [] });
    runs.at(-1)?.codes.push(code);
  }
  return runs;
}

function widthsOf({ font, codes }: Run): readonly number[] {
  if (font === "F") return codes.map((code) => widths[code - 32] ?? 556);
  const symbols = new Map(Object.values(symbolCodes));
  return codes.map((code) => symbols.get(code) ?? 556);
}

/** A character's code in Windows-1252; a question mark's for what that lacks. */
function winAnsi(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  const named = { "–": 0x96, "—": 0x97, "…": 0x85, "’": 0x92, "−": 0x2d }[character];
  return named ?? ((code >= 32 && code < 127) || (code >= 160 && code < 256) ? code : 63);
}

function literal(code: number): string {
  if (code > 126) return `\\${code.toString(8)}`;
  const character = String.fromCharCode(code);
  return /[()\\]/.test(character) ? `\\${character}` : character;
}

/** Code and width in Adobe's Symbol.afm. */
const symbolCodes: Readonly<Record<string, readonly [code: number, width: number]>> = {
  α: [0x61, 631],
  β: [0x62, 549],
  γ: [0x67, 411],
  ε: [0x65, 439],
  η: [0x68, 603],
  λ: [0x6c, 549],
  μ: [0x6d, 576],
  ρ: [0x72, 549],
  σ: [0x73, 603],
};

// Thousandths of the font size, for the characters from the space to the tilde: Adobe's Helvetica.afm.
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
  722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
  556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
  260, 334, 584,
];
