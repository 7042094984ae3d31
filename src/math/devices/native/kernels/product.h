// C = start + A B, tile by tile: the one product behind affine, transposeProduct and outerProduct.
//
// A is [rows, inner] with contiguous rows, C [rows, columns] likewise. B comes as a panel: strips of up to WIDEST vectors
// of columns, each [depth, strip]. The inner index is cut into chunks that depend on its extent alone; a chunk is summed
// from zero in order, and the chunks' sums are added to the start in order: as the WebAssembly kernels do it, to the bit.

#define CHUNK 256

enum { FROM_ZERO, FROM_ROW, FROM_MATRIX, FROM_SELF };

inlined int chunksOf(int inner);

inlined int chunkLength(int inner) {
  int count = (inner + CHUNK - 1) / CHUNK;
  return ((inner + count - 1) / count + 7) & ~7;
}

inlined int chunksOf(int inner) {
  int length = chunkLength(inner);
  return (inner + length - 1) / length;
}

// First chunk of a part, where features are shared out.
inlined int firstChunk(int inner, int part, int parts) { return (chunksOf(inner) * part + parts - 1) / parts; }

// Columns, in vectors and in strips of nearly equal widths.
typedef struct {
  int columns, vectors, strips;
} Columns;

inlined Columns columnsOf(int columns) {
  int vectors = (columns + LANES - 1) / LANES;
  return (Columns){columns, vectors, (vectors + WIDEST - 1) / WIDEST};
}

// First vector of a strip.
inlined int firstVector(Columns of, int strip) { return of.vectors * strip / of.strips; }

// What a tile's sums are added to.
typedef struct {
  int from;
  const REAL *start; // FROM_ROW: a number a row; FROM_MATRIX and FROM_SELF: where C's tile would be
  const REAL *beta; // FROM_MATRIX: a number a row
} Start;

inlined void copyRows(int rows, REAL *to, long toStride, const REAL *from, long fromStride, int count) {
  for (int i = 0; i < rows; i++, to += toStride, from += fromStride) {
    int at = 0;
    for (; at + LANES <= count; at += LANES) store(to + at, load(from + at));
    for (; at + QUAD <= count; at += QUAD) storeQuad(to + at, loadQuad(from + at));
    for (; at < count; at++) to[at] = from[at];
  }
}

// What a tile does to each of its rows, and of a row's vectors: spelt out, so that every sum has a register of its own.
#define ROWS(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5)
#define VECTORS(DO, i) DO(i, 0) DO(i, 1) DO(i, 2) DO(i, 3)

// `height` rows by `vectors` vectors of C, both constants where this is inlined.
inlined void tile(const int height, const int vectors, REAL *c, long cStride, const REAL *a, long aStride,
                  const REAL *strip, int depth, Start start, long startStride) {
  vector sums[TALLEST][4] = {{{0}}}, x[4];
  for (int k = 0; k < depth; k++, strip += vectors * LANES) {
#define LOAD(i, v) if (v < vectors) { x[v] = load(strip + v * LANES); KEEP(x[v]); }
#define ADD(i, v) if (v < vectors) sums[i][v] = multiplyAdd(w, x[v], sums[i][v]);
#define ADD_ROW(i) if (i < height) { vector w = splat(a[i * aStride + k]); VECTORS(ADD, i) }
    VECTORS(LOAD, 0)
    ROWS(ADD_ROW)
  }
#define STORE(i, v) if (v < vectors) store(c + i * cStride + v * LANES, sums[i][v]);
#define STORE_ROW(i) if (i < height) { VECTORS(STORE, i) }
#define START(i, v) if (v < vectors) sums[i][v] = splat(start.start[i]) + sums[i][v];
#define START_ROW(i) if (i < height) { VECTORS(START, i) }
#define BASE(i, v) if (v < vectors) sums[i][v] = multiplyAdd(load(row + v * LANES), splat(beta), sums[i][v]);
#define BASE_ROW(i) \
  if (i < height) { \
    const REAL *row = start.start + i * startStride; \
    REAL beta = start.from == FROM_SELF ? 1 : start.beta[i]; \
    if (beta != 0) { VECTORS(BASE, i) } \
  }
  if (start.from == FROM_ROW) { ROWS(START_ROW) }
  else if (start.from != FROM_ZERO) { ROWS(BASE_ROW) }
  ROWS(STORE_ROW)
}

// One tile of any size. Columns past the last are not C's: such a tile is finished in memory of its own.
static void anyTile(int height, int vectors, int wide, REAL *c, long cStride, const REAL *a, long aStride,
                    const REAL *strip, int depth, Start start, long startStride) {
  REAL patch[TALLEST * WIDEST * WIDTH / sizeof(REAL)] __attribute__((aligned(64)));
  int isWhole = wide == vectors * LANES;
  REAL *to = isWhole ? c : patch;
  long toStride = isWhole ? cStride : WIDEST * LANES;
  if (!isWhole && start.from >= FROM_MATRIX) {
    copyRows(height, patch, toStride, start.start, startStride, wide);
    start.start = patch;
    startStride = toStride;
  }
#define CASE(h, v)                                                                             \
  case h * 8 + v:                                                                              \
    tile(h, v, to, toStride, a, aStride, strip, depth, start, startStride);                    \
    break;
#define CASES(v) CASE(1, v) CASE(2, v) CASE(3, v) CASE(4, v) CASE(5, v) CASE(6, v)
  switch (height * 8 + vectors) {
    CASES(1)
    CASES(2)
#if WIDEST > 2
    CASES(3)
    CASES(4)
#endif
  }
  if (!isWhole) copyRows(height, c, cStride, patch, toStride, wide);
}

// Rows `first` to `end` of one strip of C, over one chunk of the inner index that begins at k. `of` are C's columns,
// `panel` B's of this chunk.
inlined void addStrip(REAL *c, long cStride, const REAL *a, long aStride, const REAL *panel, int depth, Columns of,
                      int strip, int first, int height, Start start) {
  int from = firstVector(of, strip), vectors = firstVector(of, strip + 1) - from;
  int column = from * LANES;
  Start here = start;
  long startStride = start.from == FROM_ROW ? 1 : cStride;
  if (start.from == FROM_ROW) here.start = start.start + first;
  else if (start.from != FROM_ZERO) here.start = start.start + first * cStride + column;
  if (start.from == FROM_MATRIX) here.beta = start.beta + first;
  anyTile(height, vectors, least(vectors * LANES, of.columns - column), c + first * cStride + column, cStride,
          a + first * aStride, aStride, panel + (long)column * depth, depth, here, startStride);
}
