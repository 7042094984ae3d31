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

// First vector of a strip. Where strips have two, only the last may have one.
inlined int firstVector(Columns of, int strip) {
  return WIDEST == 2 ? least(2 * strip, of.vectors) : of.vectors * strip / of.strips;
}

// Rows, in tiles of nearly equal heights, the higher ones first.
typedef struct {
  int rows, count, height, higher; // so many are a row higher
} Tiles;

inlined Tiles tilesOf(int rows) {
  int count = (rows + TALLEST - 1) / TALLEST;
  return (Tiles){rows, count, rows / count, rows % count};
}

inlined int64_t firstRow(Tiles of, int tile) { return (int64_t)tile * of.height + least(tile, of.higher); }

// A panel's columns past the last one are multiplied, and never stored. On AVX2 they are those before them again.
#define FOUR_APART 4

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

#if WIDTH == 32
// Where a loop's turns are unrolled, compilers move loads ahead until the sixteen registers no longer hold them: here each
// instruction stays where it is written.
#define OF_REAL(single, ...) \
  if (sizeof(REAL) == 4) __asm__ volatile(single "s" __VA_ARGS__); \
  else __asm__ volatile(single "d" __VA_ARGS__)
#define LOAD_HERE(x, from) OF_REAL("vmovup", " %1, %0" : "=x"(x) : "m"(*(const vector *)(from)))
#define SPLAT_HERE(w, from) OF_REAL("vbroadcasts", " %1, %0" : "=x"(w) : "m"(*(from)))
#define ADD_HERE(sum, w, x) OF_REAL("vfmadd231p", " %2, %1, %0" : "+x"(sum) : "x"(w), "x"(x))
#define TURNS IN_PAIRS // the end of 50 turns is foreseen, of 100 it is not
#else
#define LOAD_HERE(x, from) x = load(from); KEEP(x)
#define SPLAT_HERE(w, from) w = splat(*(from))
#define ADD_HERE(sum, w, x) sum = multiplyAdd(w, x, sum)
#define TURNS
#endif

// `height` rows by `vectors` vectors of C, of the last one only half where `isHalf`: all three constants where this is
// inlined.
inlined void tile(const int height, const int vectors, const int isHalf, REAL *c, int64_t cStride, Last last, const REAL *a,
                  int64_t aStride, const REAL *strip, int depth, Start start, int64_t startStride) {
  vector sums[TALLEST][4] = {{{0}}}, x[4];
  half halves[TALLEST] = {{0}}, y;
  TURNS
  for (int k = 0; k < depth; k++, strip += vectors * LANES) {
#define LOAD(i, v) if (v < vectors - isHalf) { LOAD_HERE(x[v], strip + v * LANES); }
#define ADD(i, v) if (v < vectors - isHalf) { ADD_HERE(sums[i][v], w, x[v]); }
#define ADD_ROW(i) \
  if (i < height) { \
    vector w; \
    SPLAT_HERE(w, a + i * aStride + k); \
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

// Fetches rows that come next: they are too far apart for the processor to foresee.
inlined void fetchRows(const REAL *from, int64_t stride, int rows, int vectors) {
  for (int i = 0; i < rows; i++) {
    for (int b = 0; b < vectors * WIDTH; b += 64) __builtin_prefetch((const char *)(from + i * stride) + b, 1, 3);
  }
}

#if WIDTH == 32
// `count` tiles of one height one below the other, all of whose columns are C's. A tile is a microsecond's fifth: what
// lies between two of them counts.
static void tilesBelow(int count, int height, int vectors, REAL *c, int64_t cStride, const REAL *a, int64_t aStride,
                       const REAL *strip, int depth, Start start, int64_t startStride, int fetches) {
#define BELOW(h, v) \
  case h * 4 + v: \
    for (; count > 0; count--) { \
      Last last = {c + (v - 1) * LANES, start.start + (v - 1) * LANES, cStride, startStride}; \
      if (fetches) fetchRows(start.start + h * startStride, startStride, h, v); \
      tile(h, v, 0, c, cStride, last, a, aStride, strip, depth, start, startStride); \
      c += h * cStride; \
      a += h * aStride; \
      start.start += h * startStride; \
      if (start.from == FROM_MATRIX) start.beta += h; \
    } \
    break;
  switch (height * 4 + vectors) {
    BELOW(1, 1) BELOW(2, 1) BELOW(3, 1) BELOW(4, 1) BELOW(5, 1) BELOW(6, 1)
    BELOW(1, 2) BELOW(2, 2) BELOW(3, 2) BELOW(4, 2) BELOW(5, 2) BELOW(6, 2)
  }
}
#endif

#if WIDTH == 32
// Four columns of C in f32, two rows a vector: half the multiply-adds where a strip is half padding. The strip has each
// number twice, FOUR_APART.
#define MOST_PAIRS 5 // of rows: as many sums in a row as hide what one takes

inlined __m256 pairOf(__m128 upper, __m128 lower) { return _mm256_insertf128_ps(_mm256_castps128_ps256(upper), lower, 1); }

inlined void pairsOfRows(const int pairs, int rows, REAL *c, int64_t cStride, const REAL *a, int64_t aStride, const REAL *strip,
                         int depth, Start start, int64_t startStride) {
  __m256 sums[MOST_PAIRS] = {{0}};
  const float *upper[MOST_PAIRS], *lower[MOST_PAIRS];
  UNROLL
  for (int p = 0; p < pairs; p++) {
    upper[p] = (const float *)(a + 2 * p * aStride);
    lower[p] = (const float *)(a + least(2 * p + 1, rows - 1) * aStride);
  }
  int k = 0;
  for (; k + 4 <= depth; k += 4, strip += 4 * LANES) {
    __m256 x[4];
    UNROLL
    for (int i = 0; i < 4; i++) x[i] = (__m256)load(strip + i * LANES);
    UNROLL
    for (int p = 0; p < pairs; p++) {
      __m256 w = pairOf(_mm_loadu_ps(upper[p] + k), _mm_loadu_ps(lower[p] + k));
      sums[p] = _mm256_fmadd_ps(_mm256_permute_ps(w, 0x00), x[0], sums[p]);
      sums[p] = _mm256_fmadd_ps(_mm256_permute_ps(w, 0x55), x[1], sums[p]);
      sums[p] = _mm256_fmadd_ps(_mm256_permute_ps(w, 0xAA), x[2], sums[p]);
      sums[p] = _mm256_fmadd_ps(_mm256_permute_ps(w, 0xFF), x[3], sums[p]);
    }
  }
  for (; k < depth; k++, strip += LANES) {
    UNROLL
    for (int p = 0; p < pairs; p++) {
      __m256 w = pairOf(_mm_set1_ps(upper[p][k]), _mm_set1_ps(lower[p][k]));
      sums[p] = _mm256_fmadd_ps(w, (__m256)load(strip), sums[p]);
    }
  }
  for (int i = 0; i < rows; i++) {
    quad sum = loadQuad((const REAL *)sums + 4 * i);
    if (start.from == FROM_ROW) sum = splatQuad(start.start[i]) + sum;
    else if (start.from != FROM_ZERO) {
      REAL beta = start.from == FROM_SELF ? 1 : start.beta[i];
      if (beta != 0) sum = multiplyAddQuad(loadQuad(start.start + i * startStride), splatQuad(beta), sum);
    }
    storeQuad(c + i * cStride, sum);
  }
}

static void fourColumns(int rows, REAL *c, int64_t cStride, const REAL *a, int64_t aStride, const REAL *strip, int depth,
                        Start start, int64_t startStride) {
  int pairs = (rows + 1) / 2, groups = (pairs + MOST_PAIRS - 1) / MOST_PAIRS;
  for (int group = 0; group < groups; group++) {
    int first = 2 * (pairs * group / groups), count = least(rows, 2 * (pairs * (group + 1) / groups)) - first;
    Start here = start;
    if (start.from != FROM_ZERO) here.start += first * startStride;
    if (start.from == FROM_MATRIX) here.beta += first;
#define PAIRS(p)                                                                                                      \
  case p:                                                                                                             \
    pairsOfRows(p, count, c + first * cStride, cStride, a + first * aStride, aStride, strip, depth, here, startStride); \
    break;
    switch ((count + 1) / 2) { PAIRS(1) PAIRS(2) PAIRS(3) PAIRS(4) PAIRS(5) }
  }
}
#endif

// Tiles `tile` to `end` of one strip of C, over one chunk of the inner index. `of` are C's columns, `panel` the strip of B
// of this chunk. With `fetches` each tile fetches what the next one's sums are added to.
inlined void addStrip(REAL *c, int64_t cStride, const REAL *a, int64_t aStride, const REAL *panel, int depth, Columns of,
                      int strip, Tiles tiles, int tile, int end, Start start, int fetches) {
  int from = firstVector(of, strip), vectors = firstVector(of, strip + 1) - from;
  int column = from * LANES, wide = least(vectors * LANES, of.columns - column);
  int64_t startStride = start.from == FROM_ROW ? 1 : cStride, row = firstRow(tiles, tile);
  for (int count; tile < end; tile += count) {
    int height = tiles.height + (tile < tiles.higher);
    Start here = start;
    if (start.from == FROM_ROW) here.start += row;
    else if (start.from != FROM_ZERO) here.start += row * cStride + column;
    if (start.from == FROM_MATRIX) here.beta += row;
    REAL *to = c + row * cStride + column;
#if WIDTH == 32
    if (sizeof(REAL) == 4 && wide == FOUR_APART) {
      int rows = firstRow(tiles, end) - row;
      return fourColumns(rows, to, cStride, a + row * aStride, aStride, panel, depth, here, startStride);
    }
    if (wide == vectors * LANES) {
      count = (tile < tiles.higher ? least(end, tiles.higher) : end) - tile;
      tilesBelow(count, height, vectors, to, cStride, a + row * aStride, aStride, panel, depth, here, startStride, fetches);
      row += (int64_t)count * height;
      continue;
    }
#endif
    count = 1;
    if (fetches) fetchRows(here.start + height * cStride, cStride, least(TALLEST, tiles.rows - row - height), vectors);
    anyTile(height, vectors, wide, to, cStride, a + row * aStride, aStride, panel, depth, here, startStride);
    row += height;
  }
}
