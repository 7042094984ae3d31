import { decode } from "fast-png";
import { zlibSync } from "fflate";
import { pdfNumber } from "./pdf-number.ts";
import type { Shape } from "./svg-shapes.ts";

// ISO 32000-1 (PDF 1.7), 8.9: an image fills the unit square, upside down here, where y grows downwards.

/** Places the image object `name`. */
export function drawImage({ attributes }: Shape, name: string): string {
  const [x, y, width, height] = ["x", "y", "width", "height"].map((key) => Number(attributes[key]) || 0);
  return `${[width, 0, 0, -height, x, y + height].map(pdfNumber).join(" ")} cm /${name} Do`;
}

/** The image object of a PNG picture with 8 bits a channel, in ASCII; what is transparent in it is white. */
export function imageObject({ attributes }: Shape): string {
  const [, base64 = ""] = attributes.href.split("base64,");
  const { width, height, channels, data } = decode(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)));
  const pixels = new Uint8Array(3 * width * height);
  for (let at = 0; at < width * height; at++) {
    for (let colour = 0; colour < 3; colour++) {
      const value = data[at * channels + (channels < 3 ? 0 : colour)];
      const isClear = channels === 4 && data[at * channels + 3] === 0;
      pixels[3 * at + colour] = isClear ? 255 : value;
    }
  }
  const stream = `${Array.from(zlibSync(pixels), (byte) => byte.toString(16).padStart(2, "0")).join("")}>`;
  const filter = "/Filter [/ASCIIHexDecode /FlateDecode]";
  const about = `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8`;
  return `<< ${about} ${filter} /Length ${stream.length} >>\nstream\n${stream}\nendstream`;
}
