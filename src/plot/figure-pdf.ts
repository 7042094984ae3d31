import { drawImage, imageObject } from "./pdf-image.ts";
import { pdfNumber } from "./pdf-number.ts";
import { drawText, pdfFonts } from "./pdf-text.ts";
import { type Shape, shapesOf } from "./svg-shapes.ts";

// ISO 32000-1 (PDF 1.7): 8.4 to 8.5 graphics, 9.4 text, 7.5 file structure. Pixels are 3/4 points, as in CSS.
const points = 0.75;

/** A figure of this room as a PDF file of one page, in ASCII: light, and in Helvetica, which no file needs to bring. */
export function figurePdf(svg: string): string {
  const { width, height, shapes } = shapesOf(svg);
  const box = [width, height].map((pixels) => pdfNumber(points * pixels)).join(" ");
  const upsideDown = `${points} 0 0 ${-points} 0 ${pdfNumber(points * height)} cm`;
  const images = shapes.filter(({ name }) => name === "image");
  const opacities = [...new Set(shapes.flatMap((shape) => stateOf(shape) ?? []))];
  const drawn = shapes.map((shape) => drawShape(shape, images.indexOf(shape), opacities));
  const content = [upsideDown, ...drawn].join("\n");
  const states = opacities.map((state, index) => `/S${index} << ${state} >>`);
  const objects = images.map((_, index) => `/I${index} ${5 + index} 0 R`);
  const resources = [
    `/Font << ${pdfFonts} >>`,
    ...(states.length === 0 ? [] : [`/ExtGState << ${states.join(" ")} >>`]),
    ...(objects.length === 0 ? [] : [`/XObject << ${objects.join(" ")} >>`]),
  ].join(" ");
  return file([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${box}] /Contents 4 0 R /Resources << ${resources} >> >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ...images.map(imageObject),
  ]);
}

/** How much a shape's filling and its line hide of what lies beneath them; undefined where that is all. */
function stateOf({ attributes, style }: Shape): string | undefined {
  const fill = attributes["fill-opacity"] ?? style.get("fill-opacity");
  const stroke = style.get("stroke-opacity");
  const parts = [...(fill === undefined ? [] : [`/ca ${fill}`]), ...(stroke === undefined ? [] : [`/CA ${stroke}`])];
  return parts.length === 0 ? undefined : parts.join(" ");
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

function drawShape(shape: Shape, image: number, opacities: readonly string[]): string {
  const { style } = shape;
  const opacity = stateOf(shape);
  const stroke = colour(style.get("stroke") ?? "none");
  const fill = colour(style.get("fill") ?? "none");
  const dashes = style.get("stroke-dasharray") ?? "none";
  const round = style.get("stroke-linecap") === "round" ? "1 J 1 j" : "0 J 0 j";
  const state = [
    stroke === undefined ? "" : `${stroke} RG ${style.get("stroke-width") ?? 1} w ${round}`,
    stroke === undefined || dashes === "none" ? "" : `[${dashes}] 0 d`,
    fill === undefined ? "" : `${fill} rg`,
    opacity === undefined ? "" : `/S${opacities.indexOf(opacity)} gs`,
  ];
  const paint = stroke === undefined ? (fill === undefined ? "n" : "f") : fill === undefined ? "S" : "B";
  const drawn =
    shape.name === "text"
      ? drawText(shape, stroke !== undefined)
      : shape.name === "image"
        ? drawImage(shape, `I${image}`)
        : `${outline(shape)} ${paint}`;
  return ["q", ...state.filter((part) => part !== ""), drawn, "Q"].join("\n");
}

function outline({ name, attributes }: Shape): string {
  const at = (key: string) => Number(attributes[key]);
  if (name === "rect") return `${["x", "y", "width", "height"].map((key) => pdfNumber(at(key) || 0)).join(" ")} re`;
  return name === "circle" ? circle(at("cx"), at("cy"), at("r")) : path(attributes.d);
}

function circle(x: number, y: number, r: number): string {
  const k = 0.5523 * r; // four Bezier curves, off by less than r / 3000
  const curve = (...to: readonly number[]) => `${to.map(pdfNumber).join(" ")} c`;
  return [
    `${pdfNumber(x + r)} ${pdfNumber(y)} m`,
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
    return `${pdfNumber(x)} ${pdfNumber(y)} ${command.toLowerCase() === "m" ? "m" : "l"}`;
  });
  return commands.join(" ");
}

/** `#1f2328` and `#fff` as red, green and blue from 0 to 1. */
function colour(value: string): string | undefined {
  if (value === "none") return undefined;
  const hex = value.length === 4 ? value.replace(/[^#]/g, "$&$&") : value;
  return [1, 3, 5].map((at) => pdfNumber(Number.parseInt(hex.slice(at, at + 2), 16) / 255)).join(" ");
}
