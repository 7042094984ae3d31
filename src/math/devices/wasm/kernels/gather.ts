import { firstColumn } from "./layers";
import { lanes, multiplyAdd, multiplyAddOne } from "./vector";

// A batch: x[f, j] = byte f of image rows[j] * scale[f] + shift[f], as the panels of X (for W X) and of X^T (for dS X^T);
// labels[j]. Of X each part writes its own images, of X^T its own features, as the products share them out: what a
// thread reads later lies in its own cache, and that is worth making most numbers twice. `backward` 0: none is wanted.
export function gather<T>(
  part: i32, parts: i32,
  forward: usize, backward: usize, y: usize,
  images: usize, labels: usize, dimension: i32,
  rows: usize, n: i32, scale: usize, shift: usize,
): void {
  const firstImage = firstColumn<T>(n, part, parts);
  const endImage = firstColumn<T>(n, part + 1, parts);
  const firstFeature = firstColumn<T>(dimension, part, parts);
  const endFeature = firstColumn<T>(dimension, part + 1, parts);
  along<T>(forward, images, dimension, rows, n, firstImage, endImage, scale, shift);
  if (backward != 0) across<T>(backward, images, dimension, rows, n, firstFeature, endFeature, scale, shift);
  if (part == 0) {
    for (let j = 0; j < n; j++) store<T>(y + j * sizeof<T>(), <T>load<u8>(labels + load<u32>(rows + j * 4)));
  }
}

// Panels of X, images j0 to j1 (a strip's first; a strip's end or n): [n / width][dimension][width].
function along<T>(
  panels: usize, images: usize, dimension: i32, rows: usize, n: i32,
  j0: i32, j1: i32, scale: usize, shift: usize,
): void {
  const size = <i32>sizeof<T>();
  const width = 2 * lanes<T>();
  for (let j = j0; j < j1; j += width) {
    let strip = panels + (j / width) * dimension * 32;
    let f = 0;
    if (sizeof<T>() == 4 && j + 8 <= j1) {
      for (; f + 4 <= dimension; f += 4) {
        fourByFour(strip, images, dimension, rows, j, f, scale, shift);
        fourByFour(strip + 16, images, dimension, rows, j + 4, f, scale, shift);
        strip += 128;
      }
    }
    for (; f < dimension; f++) {
      for (let jj = 0; jj < width; jj++) {
        const value = j + jj < n ? number<T>(imageAt(images, rows, j + jj, dimension), f, scale, shift) : <T>0;
        store<T>(strip + jj * size, value);
      }
      strip += 32;
    }
  }
}

// Panels of X^T, features f0 to f1 (a strip's first; a strip's end or the last): [dimension / width][n][width].
function across<T>(
  panels: usize, images: usize, dimension: i32, rows: usize, n: i32,
  f0: i32, f1: i32, scale: usize, shift: usize,
): void {
  const size = <i32>sizeof<T>();
  const width = 2 * lanes<T>();
  for (let f = f0; f < f1; f += width) {
    let strip = panels + (f / width) * n * 32;
    if (sizeof<T>() == 4 && f + 8 <= f1) {
      const factor0 = v128.load(scale + f * 4), factor1 = v128.load(scale + f * 4, 16);
      const offset0 = v128.load(shift + f * 4), offset1 = v128.load(shift + f * 4, 16);
      for (let j = 0; j < n; j++) {
        const image = imageAt(images, rows, j, dimension) + f;
        v128.store(strip, multiplyAdd<f32>(fourBytes(image), factor0, offset0));
        v128.store(strip, multiplyAdd<f32>(fourBytes(image + 4), factor1, offset1), 16);
        strip += 32;
      }
    } else {
      for (let j = 0; j < n; j++) {
        const image = imageAt(images, rows, j, dimension);
        for (let ff = 0; ff < width; ff++) {
          store<T>(strip + ff * size, f + ff < dimension ? number<T>(image, f + ff, scale, shift) : <T>0);
        }
        strip += 32;
      }
    }
  }
}

// Features f to f + 3 of images j to j + 3, to four rows of a strip, in f32.
// @ts-ignore: decorator
@inline
function fourByFour(
  strip: usize, images: usize, dimension: i32, rows: usize, j: i32, f: i32, scale: usize, shift: usize,
): void {
  const factor = v128.load(scale + f * 4);
  const offset = v128.load(shift + f * 4);
  const a = multiplyAdd<f32>(fourBytes(imageAt(images, rows, j, dimension) + f), factor, offset);
  const b = multiplyAdd<f32>(fourBytes(imageAt(images, rows, j + 1, dimension) + f), factor, offset);
  const c = multiplyAdd<f32>(fourBytes(imageAt(images, rows, j + 2, dimension) + f), factor, offset);
  const d = multiplyAdd<f32>(fourBytes(imageAt(images, rows, j + 3, dimension) + f), factor, offset);
  transposeFour(strip, 32, a, b, c, d);
}

// Rows of four become columns: to[i] = [a_i, b_i, c_i, d_i].
// @ts-ignore: decorator
@inline
export function transposeFour(to: usize, stride: i32, a: v128, b: v128, c: v128, d: v128): void {
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(to + stride, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  v128.store(to + 2 * stride, v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5));
  v128.store(to + 3 * stride, v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7));
}

// @ts-ignore: decorator
@inline
function number<T>(image: usize, f: i32, scale: usize, shift: usize): T {
  const at = f * <i32>sizeof<T>();
  return multiplyAddOne<T>(<T>load<u8>(image + f), load<T>(scale + at), load<T>(shift + at));
}

// @ts-ignore: decorator
@inline
export function imageAt(images: usize, rows: usize, j: i32, dimension: i32): usize {
  return images + <usize>load<u32>(rows + j * 4) * <usize>dimension;
}

// Four bytes as four f32.
// @ts-ignore: decorator
@inline
export function fourBytes(at: usize): v128 {
  return f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at))));
}
