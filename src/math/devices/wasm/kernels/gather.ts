import { firstFeature } from "./layers";
import { lanes, multiplyAdd, multiplyAddOne } from "./vector";

// A batch: x[f, j] = byte f of image rows[j] * scale[f] + shift[f], and labels[j]. Each part writes its own features, those
// that it multiplies later where one network's are shared out.

// Features at a time: a line of each image.
const FEW: i32 = 64;

// As the panels of X (for W X) and of X^T (for dS X^T). `backward` 0: none is wanted.
export function gather<T>(
  part: i32, parts: i32,
  forward: usize, backward: usize, y: usize,
  images: usize, labels: usize, dimension: i32,
  rows: usize, n: i32, scale: usize, shift: usize,
): void {
  const f0 = firstFeature(dimension, part, parts);
  const f1 = firstFeature(dimension, part + 1, parts);
  const width = 2 * lanes<T>();
  fetch(images, dimension, rows, n, f0, f1);
  // A few features at a time: two vectors of images share the lines they write, which are to stay in the first-level cache.
  for (let g0 = f0; g0 < f1; g0 += FEW) {
    const g1 = min(f1, g0 + FEW);
    for (let j = 0; j < n; j += lanes<T>()) {
      const strip = forward + (j / width) * dimension * 32 + (j % width) * <i32>sizeof<T>();
      gatherLanes<T>(strip + g0 * 32, 32, images, dimension, rows, n, j, g0, g1, scale, shift);
    }
  }
  if (n % width != 0 && n % width <= lanes<T>()) {
    const strip = forward + (n / width) * dimension * 32 + 16;
    for (let f = f0; f < f1; f++) v128.store(strip + f * 32, i64x2.splat(0));
  }
  if (backward != 0) across<T>(backward, images, dimension, rows, n, f0, f1, scale, shift);
  if (part == 0) gatherLabels<T>(y, labels, rows, n);
}

// As a matrix [dimension, n], row-major: what somebody else's product reads.
export function gatherRows<T>(
  part: i32, parts: i32,
  x: usize, y: usize,
  images: usize, labels: usize, dimension: i32,
  rows: usize, n: i32, scale: usize, shift: usize,
): void {
  const size = <i32>sizeof<T>();
  const whole = n - (n % lanes<T>());
  const begin = firstFeature(dimension, part, parts);
  const end = firstFeature(dimension, part + 1, parts);
  fetch(images, dimension, rows, n, begin, end);
  // So that the rows of x they fill stay in the first-level cache.
  for (let f0 = begin; f0 < end; f0 += FEW) {
    const f1 = min(end, f0 + FEW);
    for (let j = 0; j < whole; j += lanes<T>()) {
      gatherLanes<T>(x + (f0 * n + j) * size, n * size, images, dimension, rows, n, j, f0, f1, scale, shift);
    }
    for (let j = whole; j < n; j++) {
      const image = imageAt(images, rows, j, dimension);
      for (let f = f0; f < f1; f++) store<T>(x + (f * n + j) * size, number<T>(image, f, scale, shift));
    }
  }
  if (part == 0) gatherLabels<T>(y, labels, rows, n);
}

// Reads a number of every cache line of the images' features f0 to f1, and nothing else: the lines come from main memory
// many at a time, where the loops that use them would wait for one after another.
function fetch(images: usize, dimension: i32, rows: usize, n: i32, f0: i32, f1: i32): void {
  let all: u32 = 0;
  for (let j = 0; j < n; j++) {
    const image = imageAt(images, rows, j, dimension);
    for (let f = f0; f + 4 <= f1; f += 64) all |= load<u32>(image + f);
  }
  fetched = all;
}

let fetched: u32 = 0; // so that the reads are not left out

function gatherLabels<T>(y: usize, labels: usize, rows: usize, n: i32): void {
  for (let j = 0; j < n; j++) store<T>(y + j * sizeof<T>(), <T>load<u8>(labels + load<u32>(rows + j * 4)));
}

// Features f0 to f1 of as many images from j on as a vector has lanes, zeros past the last: to[f] = [x_j, x_j+1, ...].
function gatherLanes<T>(
  to: usize, stride: i32, images: usize, dimension: i32, rows: usize, n: i32, j: i32,
  f0: i32, f1: i32, scale: usize, shift: usize,
): void {
  let f = f0;
  if (sizeof<T>() == 4 && j + 4 <= n) {
    const a = imageAt(images, rows, j, dimension);
    const b = imageAt(images, rows, j + 1, dimension);
    const c = imageAt(images, rows, j + 2, dimension);
    const d = imageAt(images, rows, j + 3, dimension);
    for (; f + 16 <= f1; f += 16) {
      const x = v128.load(a + f), y = v128.load(b + f), z = v128.load(c + f), w = v128.load(d + f);
      // Bytes of four images in turn, feature after feature.
      const xy0 = i8x16.shuffle(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const xy1 = i8x16.shuffle(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      const zw0 = i8x16.shuffle(z, w, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const zw1 = i8x16.shuffle(z, w, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      const g = scale + f * 4, h = shift + f * 4;
      to = fourFeatures(to, stride, i16x8.shuffle(xy0, zw0, 0, 8, 1, 9, 2, 10, 3, 11), g, h);
      to = fourFeatures(to, stride, i16x8.shuffle(xy0, zw0, 4, 12, 5, 13, 6, 14, 7, 15), g + 16, h + 16);
      to = fourFeatures(to, stride, i16x8.shuffle(xy1, zw1, 0, 8, 1, 9, 2, 10, 3, 11), g + 32, h + 32);
      to = fourFeatures(to, stride, i16x8.shuffle(xy1, zw1, 4, 12, 5, 13, 6, 14, 7, 15), g + 48, h + 48);
    }
  }
  for (; f < f1; f++) {
    for (let lane = 0; lane < lanes<T>(); lane++) {
      const value = j + lane < n ? number<T>(imageAt(images, rows, j + lane, dimension), f, scale, shift) : <T>0;
      store<T>(to + lane * <i32>sizeof<T>(), value);
    }
    to += stride;
  }
}

// Four features of four images, standardised; returns where the next feature goes.
// @ts-ignore: decorator
@inline
function fourFeatures(to: usize, stride: i32, bytes: v128, scale: usize, shift: usize): usize {
  const low = i16x8.extend_low_i8x16_u(bytes);
  const high = i16x8.extend_high_i8x16_u(bytes);
  oneFeature(to, i32x4.extend_low_i16x8_u(low), scale, shift);
  oneFeature(to + stride, i32x4.extend_high_i16x8_u(low), scale + 4, shift + 4);
  oneFeature(to + 2 * stride, i32x4.extend_low_i16x8_u(high), scale + 8, shift + 8);
  oneFeature(to + 3 * stride, i32x4.extend_high_i16x8_u(high), scale + 12, shift + 12);
  return to + 4 * stride;
}

// @ts-ignore: decorator
@inline
function oneFeature(to: usize, bytes: v128, scale: usize, shift: usize): void {
  v128.store(to, multiplyAdd<f32>(f32x4.convert_i32x4_s(bytes), v128.load32_splat(scale), v128.load32_splat(shift)));
}

// Panels of X^T, features f0 to f1 (a strip's first; a strip's first or the last): [dimension / width][n][width].
function across<T>(
  panels: usize, images: usize, dimension: i32, rows: usize, n: i32,
  f0: i32, f1: i32, scale: usize, shift: usize,
): void {
  const size = <i32>sizeof<T>();
  const width = 2 * lanes<T>();
  let f = f0;
  if (sizeof<T>() == 4) {
    // Two strips at once: for each image, what was found of its place serves both.
    for (; f + 16 <= f1; f += 16) {
      const g = scale + f * 4, h = shift + f * 4;
      const g0 = v128.load(g), g1 = v128.load(g, 16), g2 = v128.load(g, 32), g3 = v128.load(g, 48);
      const h0 = v128.load(h), h1 = v128.load(h, 16), h2 = v128.load(h, 32), h3 = v128.load(h, 48);
      let to = panels + (f / width) * n * 32;
      const further = n * 32;
      for (let j = 0; j < n; j++) {
        const sixteen = v128.load(imageAt(images, rows, j, dimension) + f);
        eightFeatures(to, i16x8.extend_low_i8x16_u(sixteen), g0, g1, h0, h1);
        eightFeatures(to + further, i16x8.extend_high_i8x16_u(sixteen), g2, g3, h2, h3);
        to += 32;
      }
    }
  }
  for (; f < f1; f += width) {
    let strip = panels + (f / width) * n * 32;
    if (sizeof<T>() == 4 && f + 8 <= f1) {
      const g = scale + f * 4, h = shift + f * 4;
      const g0 = v128.load(g), g1 = v128.load(g, 16), h0 = v128.load(h), h1 = v128.load(h, 16);
      for (let j = 0; j < n; j++) {
        eightFeatures(strip, v128.load8x8_u(imageAt(images, rows, j, dimension) + f), g0, g1, h0, h1);
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

// Eight features of an image, standardised.
// @ts-ignore: decorator
@inline
function eightFeatures(to: usize, eight: v128, g0: v128, g1: v128, h0: v128, h1: v128): void {
  v128.store(to, multiplyAdd<f32>(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(eight)), g0, h0));
  v128.store(to, multiplyAdd<f32>(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(eight)), g1, h1), 16);
}

// @ts-ignore: decorator
@inline
function number<T>(image: usize, f: i32, scale: usize, shift: usize): T {
  const at = f * <i32>sizeof<T>();
  return multiplyAddOne<T>(<T>load<u8>(image + f), load<T>(scale + at), load<T>(shift + at));
}

// @ts-ignore: decorator
@inline
function imageAt(images: usize, rows: usize, j: i32, dimension: i32): usize {
  return images + <usize>load<u32>(rows + j * 4) * <usize>dimension;
}
