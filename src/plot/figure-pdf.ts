import { fontSize } from "./figure-style.ts";
import { type Shape, shapesOf } from "./svg-shapes.ts";

// ISO 32000-1 (PDF 1.7): 8.4 to 8.5 graphics, 9.4 text, 7.5 file structure. Pixels are 3/4 points, as in CSS.
const points = 0.75;

/** A figure of this room as a PDF file of one page, in ASCII: light, and in Helvetica, which no file needs to bring. */
export function figurePdf(svg: string): string {
  const { width, height, shapes } = shapesOf(svg);
  const box = [width, height].map((pixels) => decimal(points * pixels)).join(" ");
  const upsideDown = `${points} 0 0 ${-points} 0 ${decimal(points * height)} cm`;
  const content = [upsideDown, ...shapes.map(drawShape)].join("\n");
  return file([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${box}] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
  ]);
}

/** Numbered objects, and where each begins in the file. */
function file(objects: readonly string[]): string {
  let text = "%PDF-1.4\n";
  const starts = objects.map((object, index) => {
    const start = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(start).padStart(10, "0")} 00000 n \n`;
  });
  const entries = `0 ${objects.length + 1}\n0000000000 65535 f \n${starts.join("")}`;
  const trailer = `<< /Size ${objects.length + 1} /Root 1 0 R >>`;
  return `${text}xref\n${entries}trailer\n${trailer}\nstartxref\n${text.length}\n%%EOF\n`;
}

function drawShape(shape: Shape): string {
  const { style } = shape;
  const stroke = colour(style.get("stroke") ?? "none");
  const fill = colour(style.get("fill") ?? "none");
  const dashes = style.get("stroke-dasharray") ?? "none";
  const round = style.get("stroke-linecap") === "round" ? "1 J 1 j" : "0 J 0 j";
  const state = [
    stroke === undefined ? "" : `${stroke} RG ${style.get("stroke-width") ?? 1} w ${round}`,
    stroke === undefined || dashes === "none" ? "" : `[${dashes}] 0 d`,
    fill === undefined ? "" : `${fill} rg`,
  ];
  const paint = stroke === undefined ? (fill === undefined ? "n" : "f") : fill === undefined ? "S" : "B";
  const drawn = shape.name === "text" ? drawText(shape, stroke !== undefined) : `${outline(shape)} ${paint}`;
  return ["q", ...state.filter((part) => part !== ""), drawn, "Q"].join("\n");
}

function outline({ name, attributes }: Shape): string {
  const at = (key: string) => Number(attributes[key]);
  if (name === "rect") return `${["x", "y", "width", "height"].map((key) => decimal(at(key) || 0)).join(" ")} re`;
  return name === "circle" ? circle(at("cx"), at("cy"), at("r")) : path(attributes.d);
}

function circle(x: number, y: number, r: number): string {
  const k = 0.5523 * r; // four Bezier curves, off by less than r / 3000
  const curve = (...to: readonly number[]) => `${to.map(decimal).join(" ")} c`;
  return [
    `${decimal(x + r)} ${decimal(y)} m`,
    curve(x + r, y + k, x + k, y + r, x, y + r),
    curve(x - k, y + r, x - r, y + k, x - r, y),
    curve(x - r, y - k, x - k, y - r, x, y - r),
    curve(x + k, y - r, x + r, y - k, x + r, y),
    "h",
  ].join(" ");
}

/** SVG path data with the commands that this room writes. */
function path(data: string): string {
  let [x, y] = [0, 0];
  const commands = [...data.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)].map(([, command, rest]) => {
    const [a, b] = (rest.match(/-?[\d.]+/g) ?? []).map(Number);
    if (command === "Z") return "h";
    if (command === "M" || command === "L") [x, y] = [a, b];
    else if (command === "m" || command === "l") [x, y] = [x + a, y + b];
    else if (command === "H") x = a;
    else if (command === "h") x += a;
    else if (command === "V") y = a;
    else throw new RangeError(`no figure of this room has the path command ${command}`);
    return `${decimal(x)} ${decimal(y)} ${command.toLowerCase() === "m" ? "m" : "l"}`;
  });
  return commands.join(" ");
}

/** Text at its baseline, upright again; with an outline beneath it where it has one. */
function drawText({ attributes, text }: Shape, outlined: boolean): string {
  const codes = [...text].map(winAnsi);
  const width = (codes.reduce((sum, code) => sum + (widths[code - 32] ?? 556), 0) * fontSize) / 1000;
  const shift = { middle: width / 2, end: width }[attributes["text-anchor"]] ?? 0;
  const place = `1 0 0 -1 ${decimal(Number(attributes.x) - shift)} ${decimal(Number(attributes.y))} Tm`;
  const shown = `${place} (${codes.map(literal).join("")}) Tj`;
  return `BT /F ${fontSize} Tf ${outlined ? `1 Tr ${shown} 0 Tr ` : ""}${shown} ET`;
}

/** A character's code in Windows-1252; a question mark's for what that lacks. */
function winAnsi(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  const named = { "–": 0x96, "—": 0x97, "…": 0x85, "’": 0x92 }[character];
  return named ?? ((code >= 32 && code < 127) || (code >= 160 && code < 256) ? code : 63);
}

function literal(code: number): string {
  if (code > 126) return `\\${code.toString(8)}`;
  const character = String.fromCharCode(code);
  return /[()\\]/.test(character) ? `\\${character}` : character;
}

/** `#1f2328` and `#fff` as red, green and blue from 0 to 1. */
function colour(value: string): string | undefined {
  if (value === "none") return undefined;
  const hex = value.length === 4 ? value.replace(/[^#]/g, "$&$&") : value;
  return [1, 3, 5].map((at) => decimal(Number.parseInt(hex.slice(at, at + 2), 16) / 255)).join(" ");
}

function decimal(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`a picture cannot hold the coordinate ${value}`);
  return String(Math.round(value * 1000) / 1000 + 0);
}

// Thousandths of the font size, for the characters from the space to the tilde: Adobe's Helvetica.afm.
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
  722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
  556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
  260, 334, 584,
];
