import { lanes, multiplyAdd } from "./vector";

// C = start + A B, the one product behind affine, transposeProduct and outerProduct.
//
// A is [rows, inner] with contiguous rows of inner numbers, C [rows, columns] likewise. B comes in panels: strips two
// vectors (32 bytes) wide, each [inner, strip], zeros past the last column, so that tiles read it in one stream. Tiles of
// up to four rows by one strip keep all their sums in registers. Sums run over the inner index in order, whatever the
// tiling, so every element is the same number however the work is cut into tiles, members and threads.

// Rows and inner indices a block: A's and two strips of B's stay in the first-level cache.
const ROWS: i32 = 32;
const INNER: i32 = 192;

// What the sums start from: nothing, one number a row, or beta times a matrix shaped like C.
export const FROM_ZERO: i32 = 0;
export const FROM_ROW: i32 = 1;
export const FROM_MATRIX: i32 = 2;
const FROM_SELF: i32 = 3; // C itself: a later block of the inner index

// Bytes of scratch memory a product needs, for the edges of C.
export const PATCH: i32 = 128;

// Bytes of the panels of a matrix [inner, columns].
export function panelBytes<T>(inner: i32, columns: i32): i32 {
  const width = 2 * lanes<T>();
  return ((columns + width - 1) / width) * inner * 32;
}

export function product<T>(
  c: usize, // [rows, columns], written
  a: usize, // [rows, inner]
  panels: usize, // of B [inner, columns]
  rows: i32, inner: i32, columns: i32,
  from: i32, start: usize, beta: T,
  patch: usize,
): void {
  const size = <i32>sizeof<T>();
  const width = 2 * lanes<T>();
  const cStride = columns * size;
  const aStride = inner * size;
  for (let i0 = 0; i0 < rows; i0 += ROWS) {
    const i1 = min(i0 + ROWS, rows);
    for (let k = 0; k < inner; k += INNER) {
      const depth = min(INNER, inner - k);
      const source = k == 0 ? from : FROM_SELF;
      for (let j0 = 0; j0 < columns; j0 += 2 * width) {
        const j1 = min(j0 + 2 * width, columns);
        for (let i = i0; i < i1; ) {
          const left = i1 - i;
          const height = left >= 4 ? 4 : left >= 2 ? 2 : 1;
          const ai = a + (i * aStride + k * size);
          for (let j = j0; j < j1; j += width) {
            const wide = min(width, columns - j);
            const strip = panels + ((j / width) * inner + k) * 32;
            const cij = c + (i * cStride + j * size);
            const sij = source == FROM_ROW ? start + i * size : source == FROM_MATRIX ? start + (i * cStride + j * size) : cij;
            if (wide > lanes<T>()) {
              if (height == 4) tile<T>(4, 2, cij, cStride, ai, aStride, strip, depth, wide, source, sij, beta, patch);
              else if (height == 2) tile<T>(2, 2, cij, cStride, ai, aStride, strip, depth, wide, source, sij, beta, patch);
              else tile<T>(1, 2, cij, cStride, ai, aStride, strip, depth, wide, source, sij, beta, patch);
            } else {
              if (height == 4) tile<T>(4, 1, cij, cStride, ai, aStride, strip, depth, wide, source, sij, beta, patch);
              else if (height == 2) tile<T>(2, 1, cij, cStride, ai, aStride, strip, depth, wide, source, sij, beta, patch);
              else tile<T>(1, 1, cij, cStride, ai, aStride, strip, depth, wide, source, sij, beta, patch);
            }
          }
          i += height;
        }
      }
    }
  }
}

// One tile of C: `height` rows (4, 2 or 1) by `vectors` (2 or 1) vectors of columns; both are constants where this is
// inlined, so that a tile has no branch inside its loop.
// @ts-ignore: decorator
@inline
function tile<T>(
  height: i32, vectors: i32,
  c: usize, cStride: i32,
  a: usize, aStride: i32,
  strip: usize, depth: i32, wide: i32,
  from: i32, start: usize, beta: T,
  patch: usize,
): void {
  const size = <i32>sizeof<T>();
  const whole = wide == vectors * lanes<T>();
  let s00 = i64x2.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  if (from == FROM_ROW) {
    s00 = s01 = v128.load_splat<T>(start);
    if (height > 1) s10 = s11 = v128.load_splat<T>(start + size);
    if (height > 2) {
      s20 = s21 = v128.load_splat<T>(start + 2 * size);
      s30 = s31 = v128.load_splat<T>(start + 3 * size);
    }
  } else if (from != FROM_ZERO) {
    let m = start;
    let stride = cStride;
    if (!whole) {
      copyRows(height, patch, 32, start, cStride, wide * size);
      m = patch;
      stride = 32;
    }
    s00 = v128.load(m);
    if (vectors > 1) s01 = v128.load(m, 16);
    if (height > 1) {
      s10 = v128.load(m + stride);
      if (vectors > 1) s11 = v128.load(m + stride, 16);
    }
    if (height > 2) {
      s20 = v128.load(m + 2 * stride);
      if (vectors > 1) s21 = v128.load(m + 2 * stride, 16);
      s30 = v128.load(m + 3 * stride);
      if (vectors > 1) s31 = v128.load(m + 3 * stride, 16);
    }
    if (from == FROM_MATRIX) {
      const scale = v128.splat<T>(beta);
      s00 = v128.mul<T>(s00, scale);
      s10 = v128.mul<T>(s10, scale);
      s20 = v128.mul<T>(s20, scale);
      s30 = v128.mul<T>(s30, scale);
      s01 = v128.mul<T>(s01, scale);
      s11 = v128.mul<T>(s11, scale);
      s21 = v128.mul<T>(s21, scale);
      s31 = v128.mul<T>(s31, scale);
    }
  }
  let a0 = a;
  let a1 = a0 + aStride;
  let a2 = a1 + aStride;
  let a3 = a2 + aStride;
  const end = strip + depth * 32;
  for (let at = strip; at < end; at += 32) {
    const x0 = v128.load(at);
    const x1 = vectors > 1 ? v128.load(at, 16) : x0;
    const w0 = v128.load_splat<T>(a0);
    s00 = multiplyAdd<T>(w0, x0, s00);
    if (vectors > 1) s01 = multiplyAdd<T>(w0, x1, s01);
    a0 += size;
    if (height > 1) {
      const w1 = v128.load_splat<T>(a1);
      s10 = multiplyAdd<T>(w1, x0, s10);
      if (vectors > 1) s11 = multiplyAdd<T>(w1, x1, s11);
      a1 += size;
    }
    if (height > 2) {
      const w2 = v128.load_splat<T>(a2);
      s20 = multiplyAdd<T>(w2, x0, s20);
      if (vectors > 1) s21 = multiplyAdd<T>(w2, x1, s21);
      a2 += size;
      const w3 = v128.load_splat<T>(a3);
      s30 = multiplyAdd<T>(w3, x0, s30);
      if (vectors > 1) s31 = multiplyAdd<T>(w3, x1, s31);
      a3 += size;
    }
  }
  const to = whole ? c : patch;
  const stride = whole ? cStride : 32;
  v128.store(to, s00);
  if (vectors > 1) v128.store(to, s01, 16);
  if (height > 1) {
    v128.store(to + stride, s10);
    if (vectors > 1) v128.store(to + stride, s11, 16);
  }
  if (height > 2) {
    v128.store(to + 2 * stride, s20);
    if (vectors > 1) v128.store(to + 2 * stride, s21, 16);
    v128.store(to + 3 * stride, s30);
    if (vectors > 1) v128.store(to + 3 * stride, s31, 16);
  }
  if (!whole) copyRows(height, c, cStride, patch, 32, wide * size);
}

function copyRows(height: i32, to: usize, toStride: i32, from: usize, fromStride: i32, bytes: i32): void {
  for (let i = 0; i < height; i++) memory.copy(to + i * toStride, from + i * fromStride, bytes);
}

// Panels of B [inner, columns] with contiguous columns.
export function pack<T>(panels: usize, b: usize, inner: i32, columns: i32): void {
  const size = <i32>sizeof<T>();
  const width = 2 * lanes<T>();
  for (let j = 0; j < columns; j += width) {
    const bytes = min(width, columns - j) * size;
    for (let k = 0; k < inner; k++) {
      const from = b + (k * columns + j) * size;
      if (bytes == 32) {
        v128.store(panels, v128.load(from));
        v128.store(panels, v128.load(from, 16), 16);
      } else {
        memory.fill(panels, 0, 32);
        memory.copy(panels, from, bytes);
      }
      panels += 32;
    }
  }
}

// Panels of the transpose of B [columns, inner].
export function packTransposed<T>(panels: usize, b: usize, inner: i32, columns: i32): void {
  const size = <i32>sizeof<T>();
  const width = 2 * lanes<T>();
  for (let j = 0; j < columns; j += width) {
    const wide = min(width, columns - j);
    for (let k = 0; k < inner; k++) {
      if (wide < width) memory.fill(panels, 0, 32);
      for (let jj = 0; jj < wide; jj++) {
        store<T>(panels + jj * size, load<T>(b + ((j + jj) * inner + k) * size));
      }
      panels += 32;
    }
  }
}

// B [inner, columns] from its panels.
export function unpack<T>(b: usize, panels: usize, inner: i32, columns: i32): void {
  const size = <i32>sizeof<T>();
  const width = 2 * lanes<T>();
  for (let j = 0; j < columns; j += width) {
    const bytes = min(width, columns - j) * size;
    for (let k = 0; k < inner; k++) {
      memory.copy(b + (k * columns + j) * size, panels, bytes);
      panels += 32;
    }
  }
}
