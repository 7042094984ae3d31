import { lanes, multiplyAdd } from "./vector";

// C = start + A B, the one product behind affine, transposeProduct and outerProduct.
//
// A is [rows, inner] with any two strides, B [inner, columns] and C [rows, columns] with contiguous columns. The
// inner extent is cut into blocks; for each block a strip of B two vectors wide is packed into scratch memory (zeros
// past the last column), and tiles of up to four rows run over it with all their sums in registers. Sums run over
// the inner index in order, whatever the tiling, so every element is the same number however the work is cut.

// Inner indices a block: a packed strip is 4 KiB of f32 and stays in the first-level cache.
const BLOCK: i32 = 128;

// What the sums start from: nothing, one number a row, or beta times a matrix shaped like C.
const FROM_ZERO: i32 = 0;
const FROM_ROW: i32 = 1;
const FROM_MATRIX: i32 = 2;
const FROM_SELF: i32 = 3; // C itself: a later block

// Bytes of scratch memory a product needs.
export const SCRATCH: i32 = BLOCK * 32 + 256;

export function product<T>(
  c: usize, cStride: usize,
  a: usize, aRow: usize, aInner: usize,
  b: usize, bStride: usize,
  rows: i32, inner: i32, columns: i32,
  from: i32, start: usize, beta: T,
  scratch: usize,
): void {
  const width = 2 * lanes<T>();
  for (let k = 0; k < inner; k += BLOCK) {
    const depth = min(BLOCK, inner - k);
    const source = k == 0 ? from : FROM_SELF;
    const ak = a + <usize>k * aInner;
    for (let j = 0; j < columns; j += width) {
      const wide = min(width, columns - j);
      const offset = j * sizeof<T>();
      packStrip<T>(scratch, b + <usize>k * bStride + offset, bStride, depth, wide);
      let i = 0;
      if (wide > lanes<T>()) {
        for (; i + 4 <= rows; i += 4) tile<T>(4, 2, c, cStride, ak, aRow, aInner, i, offset, depth, wide, source, start, beta, scratch);
        if (i + 2 <= rows) { tile<T>(2, 2, c, cStride, ak, aRow, aInner, i, offset, depth, wide, source, start, beta, scratch); i += 2; }
        if (i < rows) tile<T>(1, 2, c, cStride, ak, aRow, aInner, i, offset, depth, wide, source, start, beta, scratch);
      } else {
        for (; i + 4 <= rows; i += 4) tile<T>(4, 1, c, cStride, ak, aRow, aInner, i, offset, depth, wide, source, start, beta, scratch);
        if (i + 2 <= rows) { tile<T>(2, 1, c, cStride, ak, aRow, aInner, i, offset, depth, wide, source, start, beta, scratch); i += 2; }
        if (i < rows) tile<T>(1, 1, c, cStride, ak, aRow, aInner, i, offset, depth, wide, source, start, beta, scratch);
      }
    }
  }
}

// strip[k] = two vectors of row k of B, with zeros past `wide` columns.
function packStrip<T>(strip: usize, b: usize, bStride: usize, depth: i32, wide: i32): void {
  const full = wide == 2 * lanes<T>();
  for (let k = 0; k < depth; k++) {
    if (full) {
      v128.store(strip, v128.load(b));
      v128.store(strip, v128.load(b, 16), 16);
    } else {
      v128.store(strip, i64x2.splat(0));
      v128.store(strip, i64x2.splat(0), 16);
      memory.copy(strip, b, wide * sizeof<T>());
    }
    strip += 32;
    b += bStride;
  }
}

// One tile of C: `height` rows (4, 2 or 1) from row i, `vectors` (2 or 1) vectors of columns; both are constants
// where this is inlined, so that a tile has no branch inside.
// @ts-expect-error: decorator
@inline
function tile<T>(
  height: i32, vectors: i32,
  c: usize, cStride: usize,
  a: usize, aRow: usize, aInner: usize,
  i: i32, offset: usize, depth: i32, wide: i32,
  from: i32, start: usize, beta: T,
  strip: usize,
): void {
  const c0 = c + <usize>i * cStride + offset;
  const c1 = c0 + cStride;
  const c2 = c1 + cStride;
  const c3 = c2 + cStride;
  let a0 = a + <usize>i * aRow;
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  const whole = wide == vectors * lanes<T>();
  // Edge tiles start and end in a patch of scratch memory behind the strip, one row of 32 bytes each.
  const patch = strip + BLOCK * 32;
  if (!whole && from != FROM_ZERO && from != FROM_ROW) {
    const origin = from == FROM_SELF ? c0 : start + <usize>i * cStride + offset;
    memory.copy(patch, origin, wide * sizeof<T>());
    if (height > 1) memory.copy(patch + 32, origin + cStride, wide * sizeof<T>());
    if (height > 2) {
      memory.copy(patch + 64, origin + 2 * cStride, wide * sizeof<T>());
      memory.copy(patch + 96, origin + 3 * cStride, wide * sizeof<T>());
    }
  }
  let s00 = i64x2.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  if (from == FROM_ROW) {
    s00 = s01 = v128.load_splat<T>(start + (i + 0) * sizeof<T>());
    if (height > 1) s10 = s11 = v128.load_splat<T>(start + (i + 1) * sizeof<T>());
    if (height > 2) {
      s20 = s21 = v128.load_splat<T>(start + (i + 2) * sizeof<T>());
      s30 = s31 = v128.load_splat<T>(start + (i + 3) * sizeof<T>());
    }
  } else if (from != FROM_ZERO) {
    const stride = whole ? cStride : 32;
    const m0 = !whole ? patch : from == FROM_SELF ? c0 : start + <usize>i * cStride + offset;
    s00 = v128.load(m0);
    if (vectors > 1) s01 = v128.load(m0, 16);
    if (height > 1) {
      s10 = v128.load(m0 + stride);
      if (vectors > 1) s11 = v128.load(m0 + stride, 16);
    }
    if (height > 2) {
      s20 = v128.load(m0 + 2 * stride);
      if (vectors > 1) s21 = v128.load(m0 + 2 * stride, 16);
      s30 = v128.load(m0 + 3 * stride);
      if (vectors > 1) s31 = v128.load(m0 + 3 * stride, 16);
    }
    if (from == FROM_MATRIX) {
      const scale = v128.splat<T>(beta);
      s00 = v128.mul<T>(s00, scale);
      s01 = v128.mul<T>(s01, scale);
      s10 = v128.mul<T>(s10, scale);
      s11 = v128.mul<T>(s11, scale);
      s20 = v128.mul<T>(s20, scale);
      s21 = v128.mul<T>(s21, scale);
      s30 = v128.mul<T>(s30, scale);
      s31 = v128.mul<T>(s31, scale);
    }
  }
  const end = strip + depth * 32;
  for (let at = strip; at < end; at += 32) {
    const x0 = v128.load(at);
    const x1 = vectors > 1 ? v128.load(at, 16) : x0;
    const w0 = v128.load_splat<T>(a0);
    s00 = multiplyAdd<T>(w0, x0, s00);
    if (vectors > 1) s01 = multiplyAdd<T>(w0, x1, s01);
    a0 += aInner;
    if (height > 1) {
      const w1 = v128.load_splat<T>(a1);
      s10 = multiplyAdd<T>(w1, x0, s10);
      if (vectors > 1) s11 = multiplyAdd<T>(w1, x1, s11);
      a1 += aInner;
    }
    if (height > 2) {
      const w2 = v128.load_splat<T>(a2);
      s20 = multiplyAdd<T>(w2, x0, s20);
      if (vectors > 1) s21 = multiplyAdd<T>(w2, x1, s21);
      a2 += aInner;
      const w3 = v128.load_splat<T>(a3);
      s30 = multiplyAdd<T>(w3, x0, s30);
      if (vectors > 1) s31 = multiplyAdd<T>(w3, x1, s31);
      a3 += aInner;
    }
  }
  if (whole) {
    v128.store(c0, s00);
    if (vectors > 1) v128.store(c0, s01, 16);
    if (height > 1) {
      v128.store(c1, s10);
      if (vectors > 1) v128.store(c1, s11, 16);
    }
    if (height > 2) {
      v128.store(c2, s20);
      if (vectors > 1) v128.store(c2, s21, 16);
      v128.store(c3, s30);
      if (vectors > 1) v128.store(c3, s31, 16);
    }
  } else {
    storeEdge(c0, patch, s00, s01, wide * sizeof<T>());
    if (height > 1) storeEdge(c1, patch, s10, s11, wide * sizeof<T>());
    if (height > 2) {
      storeEdge(c2, patch, s20, s21, wide * sizeof<T>());
      storeEdge(c3, patch, s30, s31, wide * sizeof<T>());
    }
  }
}

function storeEdge(to: usize, patch: usize, low: v128, high: v128, bytes: usize): void {
  v128.store(patch, low);
  v128.store(patch, high, 16);
  memory.copy(to, patch, bytes);
}

// out[j, i] = alpha in[i, j].
export function transpose<T>(to: usize, from: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      store<T>(to + (j * rows + i) * sizeof<T>(), load<T>(from + (i * columns + j) * sizeof<T>()));
    }
  }
}

export function affine<T>(
  s: usize, w: usize, x: usize, b: usize,
  members: i32, out: i32, inner: i32, n: i32, xShared: bool, scratch: usize,
): void {
  const size = <i32>sizeof<T>();
  // A shared batch makes one tall product of all members.
  const groups = xShared ? 1 : members;
  const rows = xShared ? members * out : out;
  for (let p = 0; p < groups; p++) {
    product<T>(
      s + p * rows * n * size, n * size,
      w + p * rows * inner * size, inner * size, size,
      x + p * inner * n * size, n * size,
      rows, inner, n,
      FROM_ROW, b + p * rows * size, 0,
      scratch,
    );
  }
}

export function transposeProduct<T>(
  dx: usize, w: usize, ds: usize,
  members: i32, out: i32, inner: i32, n: i32, scratch: usize,
): void {
  const size = <i32>sizeof<T>();
  for (let p = 0; p < members; p++) {
    product<T>(
      dx + p * inner * n * size, n * size,
      w + p * out * inner * size, size, inner * size,
      ds + p * out * n * size, n * size,
      inner, out, n,
      FROM_ZERO, 0, 0,
      scratch,
    );
  }
}

// target <- alpha dS X^T + beta base for one member. `xt` is X^T [n, inner], contiguous.
export function outerProduct<T>(
  target: usize, base: usize, alpha: T, beta: T, ds: usize, xt: usize,
  out: i32, inner: i32, n: i32, scratch: usize,
): void {
  const size = <i32>sizeof<T>();
  const scaled = scratch + SCRATCH;
  for (let i = 0, count = out * n; i < count; i++) {
    store<T>(scaled + i * size, <T>(alpha * load<T>(ds + i * size)));
  }
  product<T>(
    target, inner * size,
    scaled, n * size, size,
    xt, inner * size,
    out, n, inner,
    beta == 0 ? FROM_ZERO : FROM_MATRIX, base, beta,
    scratch,
  );
}
