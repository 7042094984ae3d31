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

inlined void copyRows(int rows, REAL *to, int64_t toStride, const REAL *from, int64_t fromStride, int count) {
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

// Where the last vector of a tile's rows is read from and written to: C, or memory of its own where C has fewer columns.
typedef struct {
  REAL *to;
  const REAL *start;
  int64_t toStride, startStride;
} Last;

// `height` rows by `vectors` vectors of C, of the last one only half where `isHalf`: all three constants where this is
// inlined.
inlined void tile(const int height, const int vectors, const int isHalf, REAL *c, int64_t cStride, Last last, const REAL *a,
                  int64_t aStride, const REAL *strip, int depth, Start start, int64_t startStride) {
  vector sums[TALLEST][4] = {{{0}}}, x[4];
  half halves[TALLEST] = {{0}}, y;
  for (int k = 0; k < depth; k++, strip += vectors * LANES) {
#define LOAD(i, v) if (v < vectors - isHalf) { x[v] = load(strip + v * LANES); KEEP(x[v]); }
#define ADD(i, v) if (v < vectors - isHalf) sums[i][v] = multiplyAdd(w, x[v], sums[i][v]);
#define ADD_ROW(i) \
  if (i < height) { \
    vector w = splat(a[i * aStride + k]); \
    VECTORS(ADD, i) \
    if (isHalf) halves[i] = multiplyAddHalf(lower(w), y, halves[i]); \
  }
    VECTORS(LOAD, 0)
    if (isHalf) {
      y = loadHalf(strip + (vectors - 1) * LANES);
      KEEP(y);
    }
    ROWS(ADD_ROW)
  }
#define START(i, v) if (v < vectors - isHalf) sums[i][v] = splat(start.start[i]) + sums[i][v];
#define START_ROW(i) \
  if (i < height) { \
    VECTORS(START, i) \
    if (isHalf) halves[i] = lower(splat(start.start[i])) + halves[i]; \
  }
#define BASE(i, v) \
  if (v < vectors - isHalf) \
    sums[i][v] = multiplyAdd(load(v < vectors - 1 ? row + v * LANES : lastRow), splat(beta), sums[i][v]);
#define BASE_ROW(i) \
  if (i < height) { \
    const REAL *row = start.start + i * startStride, *lastRow = last.start + i * last.startStride; \
    REAL beta = start.from == FROM_SELF ? 1 : start.beta[i]; \
    if (beta != 0) { \
      VECTORS(BASE, i) \
      if (isHalf) halves[i] = multiplyAddHalf(loadHalf(lastRow), lower(splat(beta)), halves[i]); \
    } \
  }
#define STORE(i, v) \
  if (v < vectors - isHalf) store(v < vectors - 1 ? c + i * cStride + v * LANES : last.to + i * last.toStride, sums[i][v]);
#define STORE_ROW(i) \
  if (i < height) { \
    VECTORS(STORE, i) \
    if (isHalf) storeHalf(last.to + i * last.toStride, halves[i]); \
  }
  if (start.from == FROM_ROW) { ROWS(START_ROW) }
  else if (start.from != FROM_ZERO) { ROWS(BASE_ROW) }
  ROWS(STORE_ROW)
}

// One tile of any size, of `wide` columns. Those of its last vector that are not C's are finished in memory of their own.
static void anyTile(int height, int vectors, int wide, REAL *c, int64_t cStride, const REAL *a, int64_t aStride,
                    const REAL *strip, int depth, Start start, int64_t startStride) {
  REAL patch[TALLEST * LANES] __attribute__((aligned(64)));
  int before = (vectors - 1) * LANES, left = wide - before;
  Last last = {c + before, start.start + before, cStride, startStride};
  if (left < LANES) {
    if (start.from >= FROM_MATRIX) copyRows(height, patch, LANES, last.start, startStride, left);
    last = (Last){patch, patch, LANES, LANES};
  }
#define CASE(h, v, isHalf)                                                                     \
  case (h * 8 + v) * 2 + isHalf:                                                               \
    tile(h, v, isHalf, c, cStride, last, a, aStride, strip, depth, start, startStride);        \
    break;
#define CASES(v, isHalf) \
  CASE(1, v, isHalf) CASE(2, v, isHalf) CASE(3, v, isHalf) CASE(4, v, isHalf) CASE(5, v, isHalf) CASE(6, v, isHalf)
  switch ((height * 8 + vectors) * 2 + (HALVES && left <= LANES / 2)) {
    CASES(1, 0)
    CASES(2, 0)
#if WIDEST > 2
    CASES(3, 0)
    CASES(4, 0)
#endif
#if HALVES
    CASES(1, 1)
    CASES(2, 1)
    CASES(3, 1)
    CASES(4, 1)
#endif
  }
  if (left < LANES) copyRows(height, c + before, cStride, patch, LANES, left);
}

// Rows `first` to `end` of one strip of C, over one chunk of the inner index that begins at k. `of` are C's columns,
// `panel` B's of this chunk.
inlined void addStrip(REAL *c, int64_t cStride, const REAL *a, int64_t aStride, const REAL *panel, int depth, Columns of,
                      int strip, int first, int height, Start start) {
  int from = firstVector(of, strip), vectors = firstVector(of, strip + 1) - from;
  int column = from * LANES;
  Start here = start;
  int64_t startStride = start.from == FROM_ROW ? 1 : cStride;
  if (start.from == FROM_ROW) here.start = start.start + first;
  else if (start.from != FROM_ZERO) here.start = start.start + first * cStride + column;
  if (start.from == FROM_MATRIX) here.beta = start.beta + first;
  anyTile(height, vectors, least(vectors * LANES, of.columns - column), c + first * cStride + column, cStride,
          a + first * aStride, aStride, panel + (int64_t)column * depth, depth, here, startStride);
}
