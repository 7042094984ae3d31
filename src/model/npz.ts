import { zipSync } from "fflate";
import { largestOf } from "../math/extremes.ts";
import type { Model } from "./model.ts";

/**
 * The model as NumPy's .npz: the weights under their names, `scale`, `shift` and `classes`, `name` and `dataset`, `shape` of an image
 * where it is known; where layers are normalised, `eps` and `place` too (and `statistics`); `activation` (and `slope`) of nodes that are
 * no ReLUs, and `residual` where layers add what they read. Without pickles: `numpy.load(file)` reads it.
 */
export function encodeNpz({ weights, preprocessing, classes, dimension, ...form }: Model): Uint8Array {
  const { scale, shift } = preprocessing;
  const { name, dataset, shape, batchNorm, activation, residual } = form;
  const files = {
    ...Object.fromEntries(
      Object.entries(weights).map(([name, { shape, values }]) => [`${name}.npy`, numbersNpy(shape, values)]),
    ),
    "scale.npy": numbersNpy([dimension], scale),
    "shift.npy": numbersNpy([dimension], shift),
    "classes.npy": textsNpy([classes.length], classes),
    "name.npy": textsNpy([], [name]),
    "dataset.npy": textsNpy([], [dataset]),
    ...(shape && { "shape.npy": integersNpy(shape) }),
    ...(batchNorm && {
      "eps.npy": numbersNpy([], Float64Array.of(batchNorm.eps)),
      "place.npy": textsNpy([], [batchNorm.place]),
      ...(batchNorm.statistics && { "statistics.npy": textsNpy([], [batchNorm.statistics]) }),
    }),
    ...(activation && { "activation.npy": textsNpy([], [activation.kind]) }),
    ...(activation?.kind === "leaky-relu" && { "slope.npy": numbersNpy([], Float64Array.of(activation.slope)) }),
    ...(residual && { "residual.npy": numbersNpy([], Float64Array.of(1)) }),
  };
  // Not compressed, as numpy.savez; one date, so that the same model gives the same bytes.
  return zipSync(files, { level: 0, mtime: new Date(1980, 0, 1) });
}

function integersNpy(values: readonly number[]): Uint8Array {
  return npy("<i8", [values.length], new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
}

function numbersNpy(shape: readonly number[], values: Float32Array | Float64Array): Uint8Array {
  const content = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return npy(`<f${values.BYTES_PER_ELEMENT}`, shape, content);
}

/** Texts as NumPy's str: each the same number of code points, four bytes each, filled up with zeros. */
function textsNpy(shape: readonly number[], texts: readonly string[]): Uint8Array {
  const points = texts.map((text) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0));
  const length = largestOf([1, ...points.map((codes) => codes.length)]);
  const content = new Uint32Array(texts.length * length);
  points.forEach((codes, index) => {
    content.set(codes, index * length);
  });
  return npy(`<U${length}`, shape, new Uint8Array(content.buffer));
}

/**
 * One array, row-major: a magic number, version 1.0, the header's length, the header as a Python dictionary, padded so
 * that the values begin at a multiple of 64. Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
function npy(descr: string, shape: readonly number[], content: Uint8Array): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const bytes = new Uint8Array(start + content.length);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
  new DataView(bytes.buffer).setUint16(8, start - 10, true);
  bytes.set(new TextEncoder().encode(`${dictionary.padEnd(start - 11)}\n`), 10);
  bytes.set(content, start);
  return bytes;
}
