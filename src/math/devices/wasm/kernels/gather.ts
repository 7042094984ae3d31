import { lanes, multiplyAdd, multiplyAddOne } from "./vector";

// A batch: x[f, j] = byte f of image rows[j] * scale[f] + shift[f], written as the panels of X (for W X) and of X^T
// (for dS X^T); labels[j]. The bytes are read once: blocks of 8 images by 8 features become numbers in registers and
// leave for both. Each part takes its own features; the first takes the labels too.
export function gather<T>(
  part: i32, parts: i32,
  forward: usize, backward: usize, y: usize,
  images: usize, labels: usize, dimension: i32,
  rows: usize, n: i32, scale: usize, shift: usize,
): void {
  const blocks = (dimension + 7) / 8;
  const from = ((blocks * part) / parts) * 8;
  const to = min(dimension, ((blocks * (part + 1)) / parts) * 8);
  if (sizeof<T>() == 4) {
    for (let j = 0; j < n; j += 8) {
      let f = from;
      if (j + 8 <= n) {
        for (; f + 8 <= to; f += 8) {
          fourImages(forward, backward, images, dimension, rows, j, n, f, scale, shift);
          fourImages(forward, backward, images, dimension, rows, j + 4, n, f, scale, shift);
        }
      } else if (j + 4 <= n) {
        for (; f + 8 <= to; f += 8) fourImages(forward, backward, images, dimension, rows, j, n, f, scale, shift);
        // The images after these four, and zeros where there are none.
        singly<T>(forward, backward, images, dimension, rows, j + 4, j + 8, n, from, f, scale, shift);
      }
      singly<T>(forward, backward, images, dimension, rows, j, j + 8, n, f, to, scale, shift);
    }
  } else {
    const width = 2 * lanes<T>();
    for (let j = 0; j < n; j += width) {
      singly<T>(forward, backward, images, dimension, rows, j, j + width, n, from, to, scale, shift);
    }
  }
  if (part == 0) {
    for (let j = 0; j < n; j++) store<T>(y + j * sizeof<T>(), <T>load<u8>(labels + load<u32>(rows + j * 4)));
  }
}

// Images j to j + 3, features f to f + 7, in f32.
// @ts-ignore: decorator
@inline
function fourImages(
  forward: usize, backward: usize, images: usize, dimension: i32,
  rows: usize, j: i32, n: i32, f: i32, scale: usize, shift: usize,
): void {
  const i0 = imageAt(images, rows, j, dimension) + f;
  const i1 = imageAt(images, rows, j + 1, dimension) + f;
  const i2 = imageAt(images, rows, j + 2, dimension) + f;
  const i3 = imageAt(images, rows, j + 3, dimension) + f;
  const across = backward + ((f >> 3) * n + j) * 32;
  const along = forward + ((j >> 3) * dimension + f) * 32 + (j & 4) * 4;
  for (let half = 0; half < 8; half += 4) {
    const factor = v128.load(scale + (f + half) * 4);
    const offset = v128.load(shift + (f + half) * 4);
    const a = multiplyAdd<f32>(fourBytes(i0 + half), factor, offset);
    const b = multiplyAdd<f32>(fourBytes(i1 + half), factor, offset);
    const c = multiplyAdd<f32>(fourBytes(i2 + half), factor, offset);
    const d = multiplyAdd<f32>(fourBytes(i3 + half), factor, offset);
    const to = across + half * 4;
    v128.store(to, a);
    v128.store(to, b, 32);
    v128.store(to, c, 64);
    v128.store(to, d, 96);
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    const column = along + half * 32;
    v128.store(column, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
    v128.store(column, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7), 32);
    v128.store(column, v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5), 64);
    v128.store(column, v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7), 96);
  }
}

// Images j0 to j1, features f0 to f1, one number at a time; zeros for images past n and features past the last.
function singly<T>(
  forward: usize, backward: usize, images: usize, dimension: i32,
  rows: usize, j0: i32, j1: i32, n: i32, f0: i32, f1: i32, scale: usize, shift: usize,
): void {
  const size = <i32>sizeof<T>();
  const width = 2 * lanes<T>();
  for (let j = j0; j < j1; j++) {
    const along = forward + ((j / width) * dimension * width + (j % width)) * size;
    if (j >= n) {
      for (let f = f0; f < f1; f++) store<T>(along + f * 32, 0);
      continue;
    }
    const image = imageAt(images, rows, j, dimension);
    for (let f = f0; f < f1; f++) {
      const at = f * size;
      const value = multiplyAddOne<T>(<T>load<u8>(image + f), load<T>(scale + at), load<T>(shift + at));
      store<T>(along + f * 32, value);
      store<T>(backward + ((f / width) * n * width + j * width + (f % width)) * size, value);
    }
  }
  // Features past the last fill the last strip of X^T.
  if (f1 == dimension) {
    for (let f = dimension; f % width != 0; f++) {
      for (let j = j0; j < min(j1, n); j++) {
        store<T>(backward + ((f / width) * n * width + j * width + (f % width)) * size, 0);
      }
    }
  }
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
