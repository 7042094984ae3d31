import { lanes, multiplyAdd } from "./vector";

// C = start + A B, the one product behind affine, transposeProduct and outerProduct.
//
// A is [rows, inner] with contiguous rows of inner numbers, C [rows, columns] likewise. B comes in panels: strips two
// vectors (32 bytes) wide, each [inner, strip], zeros past the last column, so that tiles read it in one stream. Tiles of
// up to six rows by one strip keep all their sums in registers. The inner index is cut into chunks that depend on its extent
// alone; a chunk is summed from zero in order, and the chunks' sums are added to the start in order. So every element is
// the same number however the work is cut into tiles, members and threads, and rounding errors do not grow with the extent.

// Rows of a block, and inner indices of a chunk at most: A's and two strips of B's stay near the first-level cache.
export const ROWS: i32 = 60;
const CHUNK: i32 = 256;

// Rows of a tile at most: 6 by 2 sums, 2 vectors of B and one number of A are what the engine keeps in registers.
const TALLEST: i32 = 6;

// What the sums start from: nothing, one number a row, or beta times a matrix shaped like C.
export const FROM_ZERO: i32 = 0;
export const FROM_ROW: i32 = 1;
export const FROM_MATRIX: i32 = 2;
const FROM_SELF: i32 = 3; // C itself: a later chunk of the inner index

// Bytes of scratch memory a product needs, for the edges of C.
export const PATCH: i32 = TALLEST * 32;

// Bytes of the panels of a matrix [inner, columns].
export function panelBytes<T>(inner: i32, columns: i32): i32 {
  const width = 2 * lanes<T>();
  return ((columns + width - 1) / width) * inner * 32;
}

// Chunks of an inner index, all of one length but the last; a length is whole strips of features.
export function chunksOf(inner: i32): i32 {
  const length = chunkLength(inner);
  return (inner + length - 1) / length;
}

export function chunkLength(inner: i32): i32 {
  const count = (inner + CHUNK - 1) / CHUNK;
  return ((inner + count - 1) / count + 7) & ~7;
}

export function product<T>(
  c: usize, // [rows, columns], written
  a: usize, // [rows, inner]
  panels: usize, // of B [inner, columns]
  rows: i32, inner: i32, columns: i32,
  from: i32, start: usize, beta: T,
  patch: usize,
  firstColumn: i32 = 0, endColumn: i32 = columns, // only these; the first is a strip's first
  endChunk: i32 = i32.MAX_VALUE, // only the chunks before this one
): void {
  const blocks = (rows + ROWS - 1) / ROWS;
  const chunks = min(chunksOf(inner), endChunk);
  for (let block = 0; block < blocks; block++) {
    const first = (rows * block) / blocks;
    const end = (rows * (block + 1)) / blocks;
    for (let chunk = 0; chunk < chunks; chunk++) {
      const source = chunk == 0 ? from : FROM_SELF;
      addChunk<T>(c, a, panels, first, end, inner, columns, chunk, source, start, beta, patch, firstColumn, endColumn);
    }
  }
}

// C = start + A B over one chunk of the inner index, in rows `first` to `end` (60 at most).
export function addChunk<T>(
  c: usize, a: usize, panels: usize,
  first: i32, end: i32, inner: i32, columns: i32, chunk: i32,
  from: i32, start: usize, beta: T,
  patch: usize,
  firstColumn: i32, endColumn: i32,
): void {
  const size = <i32>sizeof<T>();
  const width = 2 * lanes<T>();
  const cStride = columns * size;
  const aStride = inner * size;
  const k = chunk * chunkLength(inner);
  const depth = min(chunkLength(inner), inner - k);
  const height = end - first;
  const tiles = (height + TALLEST - 1) / TALLEST;
  // Two strips a turn: the cache lines of C that they share are read and written once.
  for (let j0 = firstColumn; j0 < endColumn; j0 += 2 * width) {
    const j1 = min(j0 + 2 * width, endColumn);
    for (let t = 0; t < tiles; t++) {
      const i = first + (height * t) / tiles;
      const next = first + (height * (t + 1)) / tiles;
      const ai = a + (i * aStride + k * size);
      for (let j = j0; j < j1; j += width) {
        const strip = panels + ((j / width) * inner + k) * 32;
        const offset = i * cStride + j * size;
        const begin = from == FROM_SELF ? c + offset : from == FROM_ROW ? start + i * size : start + offset;
        anyTile<T>(next - i, c + offset, cStride, ai, aStride, strip, depth, min(width, columns - j), from, begin, beta, patch);
      }
    }
  }
}

// Chooses the tile of this size: every height and width has its own loop.
// @ts-ignore: decorator
@inline
function anyTile<T>(
  height: i32,
  c: usize, cStride: i32, a: usize, aStride: i32,
  strip: usize, depth: i32, wide: i32,
  from: i32, start: usize, beta: T, patch: usize,
): void {
  if (wide > lanes<T>()) {
    if (height == 6) tile<T>(6, 2, c, cStride, a, aStride, strip, depth, wide, from, start, beta, patch);
    else if (height == 5) tile<T>(5, 2, c, cStride, a, aStride, strip, depth, wide, from, start, beta, patch);
    else if (height == 4) tile<T>(4, 2, c, cStride, a, aStride, strip, depth, wide, from, start, beta, patch);
    else if (height == 3) tile<T>(3, 2, c, cStride, a, aStride, strip, depth, wide, from, start, beta, patch);
    else if (height == 2) tile<T>(2, 2, c, cStride, a, aStride, strip, depth, wide, from, start, beta, patch);
    else tile<T>(1, 2, c, cStride, a, aStride, strip, depth, wide, from, start, beta, patch);
  } else {
    if (height == 6) tile<T>(6, 1, c, cStride, a, aStride, strip, depth, wide, from, start, beta, patch);
    else if (height == 5) tile<T>(5, 1, c, cStride, a, aStride, strip, depth, wide, from, start, beta, patch);
    else if (height == 4) tile<T>(4, 1, c, cStride, a, aStride, strip, depth, wide, from, start, beta, patch);
    else if (height == 3) tile<T>(3, 1, c, cStride, a, aStride, strip, depth, wide, from, start, beta, patch);
    else if (height == 2) tile<T>(2, 1, c, cStride, a, aStride, strip, depth, wide, from, start, beta, patch);
    else tile<T>(1, 1, c, cStride, a, aStride, strip, depth, wide, from, start, beta, patch);
  }
}

// One tile of C: `height` rows (6 at most) by `vectors` vectors of columns (2 at most). Both are constants where this is
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
  const zero = i64x2.splat(0);
  let s00 = zero, s01 = zero;
  let s10 = zero, s11 = zero;
  let s20 = zero, s21 = zero;
  let s30 = zero, s31 = zero;
  let s40 = zero, s41 = zero;
  let s50 = zero, s51 = zero;
  let a0 = a;
  let a1 = a0 + aStride;
  let a2 = a1 + aStride;
  let a3 = a2 + aStride;
  let a4 = a3 + aStride;
  let a5 = a4 + aStride;
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
    }
    if (height > 3) {
      const w3 = v128.load_splat<T>(a3);
      s30 = multiplyAdd<T>(w3, x0, s30);
      if (vectors > 1) s31 = multiplyAdd<T>(w3, x1, s31);
      a3 += size;
    }
    if (height > 4) {
      const w4 = v128.load_splat<T>(a4);
      s40 = multiplyAdd<T>(w4, x0, s40);
      if (vectors > 1) s41 = multiplyAdd<T>(w4, x1, s41);
      a4 += size;
    }
    if (height > 5) {
      const w5 = v128.load_splat<T>(a5);
      s50 = multiplyAdd<T>(w5, x0, s50);
      if (vectors > 1) s51 = multiplyAdd<T>(w5, x1, s51);
      a5 += size;
    }
  }
  if (from == FROM_ROW) {
    const b0 = v128.load_splat<T>(start);
    s00 = v128.add<T>(b0, s00);
    if (vectors > 1) s01 = v128.add<T>(b0, s01);
    if (height > 1) {
      const b1 = v128.load_splat<T>(start + 1 * size);
      s10 = v128.add<T>(b1, s10);
      if (vectors > 1) s11 = v128.add<T>(b1, s11);
    }
    if (height > 2) {
      const b2 = v128.load_splat<T>(start + 2 * size);
      s20 = v128.add<T>(b2, s20);
      if (vectors > 1) s21 = v128.add<T>(b2, s21);
    }
    if (height > 3) {
      const b3 = v128.load_splat<T>(start + 3 * size);
      s30 = v128.add<T>(b3, s30);
      if (vectors > 1) s31 = v128.add<T>(b3, s31);
    }
    if (height > 4) {
      const b4 = v128.load_splat<T>(start + 4 * size);
      s40 = v128.add<T>(b4, s40);
      if (vectors > 1) s41 = v128.add<T>(b4, s41);
    }
    if (height > 5) {
      const b5 = v128.load_splat<T>(start + 5 * size);
      s50 = v128.add<T>(b5, s50);
      if (vectors > 1) s51 = v128.add<T>(b5, s51);
    }
  } else if (from != FROM_ZERO) {
    let m = start;
    let stride = cStride;
    if (!whole) {
      copyRows(height, patch, 32, start, cStride, wide * size);
      m = patch;
      stride = 32;
    }
    const scale = v128.splat<T>(from == FROM_MATRIX ? beta : 1);
    s00 = multiplyAdd<T>(v128.load(m), scale, s00);
    if (vectors > 1) s01 = multiplyAdd<T>(v128.load(m, 16), scale, s01);
    if (height > 1) s10 = multiplyAdd<T>(v128.load(m + 1 * stride), scale, s10);
    if (height > 1 && vectors > 1) s11 = multiplyAdd<T>(v128.load(m + 1 * stride, 16), scale, s11);
    if (height > 2) s20 = multiplyAdd<T>(v128.load(m + 2 * stride), scale, s20);
    if (height > 2 && vectors > 1) s21 = multiplyAdd<T>(v128.load(m + 2 * stride, 16), scale, s21);
    if (height > 3) s30 = multiplyAdd<T>(v128.load(m + 3 * stride), scale, s30);
    if (height > 3 && vectors > 1) s31 = multiplyAdd<T>(v128.load(m + 3 * stride, 16), scale, s31);
    if (height > 4) s40 = multiplyAdd<T>(v128.load(m + 4 * stride), scale, s40);
    if (height > 4 && vectors > 1) s41 = multiplyAdd<T>(v128.load(m + 4 * stride, 16), scale, s41);
    if (height > 5) s50 = multiplyAdd<T>(v128.load(m + 5 * stride), scale, s50);
    if (height > 5 && vectors > 1) s51 = multiplyAdd<T>(v128.load(m + 5 * stride, 16), scale, s51);
  }
  const to = whole ? c : patch;
  const stride = whole ? cStride : 32;
  v128.store(to, s00);
  if (vectors > 1) v128.store(to, s01, 16);
  if (height > 1) v128.store(to + 1 * stride, s10);
  if (height > 1 && vectors > 1) v128.store(to + 1 * stride, s11, 16);
  if (height > 2) v128.store(to + 2 * stride, s20);
  if (height > 2 && vectors > 1) v128.store(to + 2 * stride, s21, 16);
  if (height > 3) v128.store(to + 3 * stride, s30);
  if (height > 3 && vectors > 1) v128.store(to + 3 * stride, s31, 16);
  if (height > 4) v128.store(to + 4 * stride, s40);
  if (height > 4 && vectors > 1) v128.store(to + 4 * stride, s41, 16);
  if (height > 5) v128.store(to + 5 * stride, s50);
  if (height > 5 && vectors > 1) v128.store(to + 5 * stride, s51, 16);
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
