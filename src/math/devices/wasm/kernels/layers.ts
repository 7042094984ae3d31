import { lanes } from "./vector";
import {
  addChunk, chunkLength, chunksOf, FROM_MATRIX, FROM_ROW, FROM_ZERO, PATCH, pack, packTransposed, panelBytes, product, ROWS,
} from "./product";

// The three products of a dense layer over a population, and what rides with them. Every kernel does one part of
// `parts`, which the threads of a team share out among themselves: of a population a range of the rows of all members
// together; of one network on a batch a range of features, so that a thread keeps its columns of W and its features of
// X in its own cache from one step to the next. `scratch` holds a kernel's own number of bytes for each part.

// First chunk of a part's features, where features are shared out.
// @ts-ignore: decorator
@inline
function firstChunk(inner: i32, part: i32, parts: i32): i32 {
  return (chunksOf(inner) * part + parts - 1) / parts;
}

// First feature of a part.
// @ts-ignore: decorator
@inline
export function firstFeature(inner: i32, part: i32, parts: i32): i32 {
  return min(inner, firstChunk(inner, part, parts) * chunkLength(inner));
}

// Sums that `affine` leaves in `partials` when it shares out the features: those of the chunks that are not part 0's.
export function partialCount(inner: i32, parts: i32): i32 {
  return chunksOf(inner) - firstChunk(inner, 1, parts);
}

// @ts-ignore: decorator
@inline
function firstRow(rows: i32, part: i32, parts: i32): i32 {
  return (rows * part) / parts;
}

// S = W X + b 1^T. `panels` are those of a shared batch, or 0: then X is [members, inner, n].
// Of one network, part 0 writes S from its own chunks; the other parts leave theirs in `partials`, for `addPartials`.
export function affine<T>(
  part: i32, parts: i32, scratch: usize,
  s: usize, w: usize, x: usize, b: usize, panels: usize, partials: usize,
  members: i32, out: i32, inner: i32, n: i32, xShared: i32,
): void {
  scratch += part * affineScratch<T>(inner, n, panels != 0);
  const size = <i32>sizeof<T>();
  if (members == 1 && panels != 0) {
    const own = firstChunk(inner, 1, parts);
    if (part == 0) product<T>(s, w, panels, out, inner, n, FROM_ROW, b, 0, scratch, 0, n, own);
    else {
      for (let chunk = firstChunk(inner, part, parts); chunk < firstChunk(inner, part + 1, parts); chunk++) {
        const partial = partials + (chunk - own) * out * n * size;
        for (let row = 0; row < out; row += ROWS) {
          addChunk<T>(partial, w, panels, row, min(out, row + ROWS), inner, n, chunk, FROM_ZERO, 0, 0, scratch, 0, n);
        }
      }
    }
    return;
  }
  const end = firstRow(members * out, part + 1, parts);
  let row = firstRow(members * out, part, parts);
  if (panels == 0 && xShared && row < end) {
    panels = scratch + PATCH;
    pack<T>(panels, x, inner, n);
  }
  while (row < end) {
    let until = end;
    let strips = panels;
    if (strips == 0) {
      // Members have inputs of their own: one product each.
      const member = row / out;
      until = min(end, (member + 1) * out);
      strips = scratch + PATCH;
      pack<T>(strips, x + member * inner * n * size, inner, n);
    }
    const sRow = s + row * n * size;
    product<T>(sRow, w + row * inner * size, strips, until - row, inner, n, FROM_ROW, b + row * size, 0, scratch);
    row = until;
  }
}

// s += the partials, in the order of their chunks: what one thread alone would have added.
export function addPartials<T>(part: i32, parts: i32, s: usize, partials: usize, length: i32, count: i32): void {
  const size = <i32>sizeof<T>();
  const end = firstRow(length, part + 1, parts);
  let i = firstRow(length, part, parts);
  for (; i + lanes<T>() <= end; i += lanes<T>()) {
    let sum = v128.load(s + i * size);
    for (let c = 0; c < count; c++) sum = v128.add<T>(sum, v128.load(partials + (c * length + i) * size));
    v128.store(s + i * size, sum);
  }
  for (; i < end; i++) {
    let sum = load<T>(s + i * size);
    for (let c = 0; c < count; c++) sum = <T>(sum + load<T>(partials + (c * length + i) * size));
    store<T>(s + i * size, sum);
  }
}

// dX = W^T dS.
export function transposeProduct<T>(
  part: i32, parts: i32, scratch: usize,
  dx: usize, w: usize, ds: usize,
  members: i32, out: i32, inner: i32, n: i32,
): void {
  scratch += part * transposeScratch<T>(out, n);
  const size = <i32>sizeof<T>();
  const panels = scratch + PATCH;
  const wTransposed = panels + panelBytes<T>(out, n);
  const end = firstRow(members * inner, part + 1, parts);
  let row = firstRow(members * inner, part, parts);
  let packed = -1;
  while (row < end) {
    const member = row / inner;
    const until = min(min(end, (member + 1) * inner), row + ROWS);
    if (member != packed) pack<T>(panels, ds + member * out * n * size, out, n);
    packed = member;
    const first = row - member * inner;
    const rows = until - row;
    const wMember = w + member * out * inner * size;
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < out; k++) {
        store<T>(wTransposed + (i * out + k) * size, load<T>(wMember + (k * inner + first + i) * size));
      }
    }
    product<T>(dx + row * n * size, wTransposed, panels, rows, out, n, FROM_ZERO, 0, 0, scratch);
    row = until;
  }
}

// target <- alpha dS X^T + beta base, alpha and beta [members]. `panels` are those of a shared batch's X^T, or 0.
export function outerProduct<T>(
  part: i32, parts: i32, scratch: usize,
  target: usize, base: usize, alpha: usize, beta: usize, ds: usize, x: usize, panels: usize,
  members: i32, out: i32, inner: i32, n: i32, xShared: i32,
): void {
  scratch += part * outerScratch<T>(out, inner, n, panels != 0);
  const size = <i32>sizeof<T>();
  const isOne = members == 1 && panels != 0;
  const f0 = isOne ? firstFeature(inner, part, parts) : 0;
  const f1 = isOne ? firstFeature(inner, part + 1, parts) : inner;
  const end = isOne ? out : firstRow(members * out, part + 1, parts);
  let row = isOne ? 0 : firstRow(members * out, part, parts);
  const scaled = scratch + PATCH;
  const own = scaled + out * n * size;
  if (panels == 0 && xShared && row < end) packTransposed<T>(own, x, n, inner);
  while (row < end) {
    const member = row / out;
    const until = min(end, (member + 1) * out);
    const rows = until - row;
    if (panels == 0 && !xShared) packTransposed<T>(own, x + member * inner * n * size, n, inner);
    const alphaMember = load<T>(alpha + member * size);
    const betaMember = load<T>(beta + member * size);
    const dsRow = ds + row * n * size;
    for (let i = 0, count = rows * n * size; i < count; i += size) {
      store<T>(scaled + i, <T>(alphaMember * load<T>(dsRow + i)));
    }
    const offset = row * inner * size;
    const from = betaMember == 0 ? FROM_ZERO : FROM_MATRIX;
    product<T>(target + offset, scaled, panels == 0 ? own : panels, rows, n, inner, from, base + offset, betaMember, scratch, f0, f1);
    row = until;
  }
}

// Bytes of scratch memory that each part of the three needs: a patch, and what it lays out anew.
export function affineScratch<T>(inner: i32, n: i32, hasPanels: bool): i32 {
  return PATCH + (hasPanels ? 0 : panelBytes<T>(inner, n));
}

export function transposeScratch<T>(out: i32, n: i32): i32 {
  return PATCH + panelBytes<T>(out, n) + ROWS * out * <i32>sizeof<T>();
}

export function outerScratch<T>(out: i32, inner: i32, n: i32, hasPanels: bool): i32 {
  return PATCH + out * n * <i32>sizeof<T>() + (hasPanels ? 0 : panelBytes<T>(n, inner));
}
