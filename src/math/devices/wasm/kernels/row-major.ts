import { multiplyAdd, multiplyAddOne } from "./vector";
import { fourBytes, imageAt, transposeFour } from "./gather";

// What a device needs beside the other kernels when somebody else's library multiplies: batches as plain matrices.

// x[f, j] and, where xt is not 0, its transpose xt[j, f], both row-major, in place of the panels of `gather`.
export function gatherRows<T>(
  part: i32, parts: i32,
  x: usize, xt: usize, y: usize,
  images: usize, labels: usize, dimension: i32,
  rows: usize, n: i32, scale: usize, shift: usize,
): void {
  const size = <i32>sizeof<T>();
  const blocks = (dimension + 15) / 16;
  const from = ((blocks * part) / parts) * 16;
  const to = min(dimension, ((blocks * (part + 1)) / parts) * 16);
  const j4 = sizeof<T>() == 4 ? n & ~3 : 0;
  const f4 = from + ((to - from) & ~3);
  for (let f0 = from; f0 < f4; f0 += 16) {
    const f1 = min(f0 + 16, f4);
    for (let j = 0; j < j4; j += 4) {
      for (let f = f0; f < f1; f += 4) fourByFour(x, xt, images, dimension, rows, j, n, f, scale, shift);
    }
  }
  for (let j = 0; j < n; j++) {
    const image = imageAt(images, rows, j, dimension);
    for (let f = j < j4 ? f4 : from; f < to; f++) {
      const at = f * size;
      const value = multiplyAddOne<T>(<T>load<u8>(image + f), load<T>(scale + at), load<T>(shift + at));
      store<T>(x + (f * n + j) * size, value);
      if (xt != 0) store<T>(xt + (j * dimension + f) * size, value);
    }
  }
  if (part == 0) {
    for (let j = 0; j < n; j++) store<T>(y + j * size, <T>load<u8>(labels + load<u32>(rows + j * 4)));
  }
}

// @ts-ignore: decorator
@inline
function fourByFour(
  x: usize, xt: usize, images: usize, dimension: i32,
  rows: usize, j: i32, n: i32, f: i32, scale: usize, shift: usize,
): void {
  const factor = v128.load(scale + f * 4);
  const offset = v128.load(shift + f * 4);
  const a = multiplyAdd<f32>(fourBytes(imageAt(images, rows, j, dimension) + f), factor, offset);
  const b = multiplyAdd<f32>(fourBytes(imageAt(images, rows, j + 1, dimension) + f), factor, offset);
  const c = multiplyAdd<f32>(fourBytes(imageAt(images, rows, j + 2, dimension) + f), factor, offset);
  const d = multiplyAdd<f32>(fourBytes(imageAt(images, rows, j + 3, dimension) + f), factor, offset);
  if (xt != 0) {
    const row = xt + (j * dimension + f) * 4;
    v128.store(row, a);
    v128.store(row + dimension * 4, b);
    v128.store(row + dimension * 8, c);
    v128.store(row + dimension * 12, d);
  }
  transposeFour(x + (f * n + j) * 4, n * 4, a, b, c, d);
}

// s[i, :] = b[i].
export function fillRows<T>(s: usize, b: usize, rows: i32, n: i32): void {
  const size = <i32>sizeof<T>();
  for (let i = 0; i < rows; i++) {
    const value = load<T>(b + i * size);
    for (let j = 0; j < n; j++) store<T>(s + (i * n + j) * size, value);
  }
}

// to[j, i] = from[i, j].
export function transpose<T>(to: usize, from: usize, rows: i32, columns: i32): void {
  const size = <i32>sizeof<T>();
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) store<T>(to + (j * rows + i) * size, load<T>(from + (i * columns + j) * size));
  }
}
