// The three products of a dense layer over a population, and what rides with them. Every kernel does one part of `parts`,
// shared out as the WebAssembly kernels share them: of a population a range of the rows of all members together; of one
// network on a batch a range of features, so that a thread keeps its columns of W in its own cache from step to step.

// Bytes of a panel that should stay in a core's second-level cache while all rows pass over it.
#define PANEL ((WIDTH == 64 ? 512 : 192) << 10)

// Whether the gradient fetches images of the next batch: with AVX2's narrow strips it costs more than it gains.
#define FETCHES_NEXT (WIDTH != 32)

// Chunks whose panels are made before they are multiplied.
inlined int chunksAtOnce(int inner, Columns of) {
  int bytes = chunkLength(inner) * of.vectors * WIDTH;
  return bytes < PANEL ? PANEL / bytes : 1;
}

inlined int64_t align(int64_t bytes) { return (bytes + 63) & ~(int64_t)63; }

// Bytes of scratch memory a part needs, whichever of the n columns it takes: of fewer it may have more chunks at once.
exported int affineScratch(int inner, int n, int hasPanels) {
  (void)hasPanels;
  int chunk = chunkLength(inner) * columnsOf(n).vectors * WIDTH;
  int most = chunk < PANEL ? PANEL : chunk;
  return chunksOf(inner) <= most / chunk ? chunksOf(inner) * chunk : most;
}

// Rows of W^T that are made at once, and how far apart: where many are, each cache line of W is read for all of it, and rows
// a power of two apart would fall into one set of the cache.
#define ROWS_AT_ONCE (TILES * TALLEST)
inlined int64_t apart(int out) { return TILES == 1 ? out : out + 16; }

exported int transposeScratch(int out, int n) {
  return align(ROWS_AT_ONCE * apart(out) * sizeof(REAL)) + out * columnsOf(n).vectors * WIDTH;
}

// Strips of X^T that are made before they are multiplied. Where dS does not stay in a core's cache beside them, each of its
// rows should meet many at once, and each row of W be read for longer than a cache line.
inlined int stripsAtOnce(int64_t rows, int n) {
  return TILES > 1 && rows * n * (int64_t)sizeof(REAL) > PANEL ? 256 / (WIDEST * LANES) : 1;
}

// `rows` are those of the part.
exported int outerScratch(int rows, int out, int inner, int n, int hasPanels) {
  (void)out, (void)inner, (void)hasPanels;
  return align((int64_t)rows * n * sizeof(REAL)) + align(rows * sizeof(REAL)) + least(CHUNK, n + 7) * stripsAtOnce(rows, n) * WIDEST * WIDTH;
}

// Fetches features f0 to f1 of some images while a product keeps the core busy: one part of `parts`.
inlined void fetchImages(const Source *x, const uint32_t *rows, int count, int64_t f0, int64_t f1, int64_t part, int64_t parts) {
  for (int64_t j = firstOf(count, part, parts), end = firstOf(count, part + 1, parts); j < end; j++) {
    const uint8_t *image = x->images + rows[j] * x->dimension;
    for (int64_t f = f0; f < f1; f += 64) __builtin_prefetch(image + f, 0, 2);
  }
}

// C = start + A X in `rows` rows, over the chunks `chunk` to `end` of the inner index. C's rows are as long as X's. Those
// up to `ahead` are the same thread's: their images may be fetched.
static void product(REAL *c, const REAL *a, const Source *x, REAL *panel, int64_t rows, int inner, Start start,
                    int chunk, int end, int ahead) {
  Columns of = columnsOf(x->n);
  int length = chunkLength(inner), atOnce = chunksAtOnce(inner, of);
  int64_t chunkPanel = (int64_t)length * of.vectors * LANES;
  Tiles tiles = tilesOf(rows);
  int blocks = (tiles.count + TILES - 1) / TILES;
  int shares = TILES == 1 ? 1 : of.strips; // of a block, in which images are fetched
  for (int group = chunk; group < end; group += atOnce) {
    int groupEnd = least(end, group + atOnce);
    int64_t soon = (int64_t)groupEnd * length, soonEnd = least(inner, soon + atOnce * length); // what is multiplied next
    for (int k = group; k < groupEnd; k++) {
      fillPanel(panel + (k - group) * chunkPanel, x, of, (int64_t)k * length, least(inner, (k + 1) * length));
    }
    for (int block = 0; block < blocks; block++) {
      int first = firstOf(tiles.count, block, blocks), last = firstOf(tiles.count, block + 1, blocks);
      for (int strip = 0; strip < of.strips; strip++) {
        if (x->rows && groupEnd < ahead && strip < shares) {
          fetchImages(x, x->rows, x->n, soon, soonEnd, block * shares + strip, blocks * shares);
        }
        for (int k = group; k < groupEnd; k++) {
          Start here = k == chunk ? start : (Start){FROM_SELF, c, 0};
          int depth = least(length, inner - k * length);
          const REAL *strips = panel + (k - group) * chunkPanel + (int64_t)firstVector(of, strip) * LANES * depth;
          addStrip(c, x->stride, a + (int64_t)k * length, inner, strips, depth, of, strip, tiles, first, last, here, 0);
        }
      }
    }
  }
}

// Whether a batch is wide enough to be shared out by its columns, four cache lines of them, on AVX2 eight: then each image
// becomes numbers once, and there are no partial sums. But each thread reads all of W, of which the gradient has left it a share.
inlined int sharesColumns(int n, int parts) {
  return parts > 1 && columnsOf(n).vectors * WIDTH >= (WIDTH == 32 ? 512 : 256) * parts;
}

// Partial sums, as large as S, that a product of one network with a batch leaves.
exported int partialCount(int inner, int parts, int n) {
  return sharesColumns(n, parts) ? 0 : chunksOf(inner) - firstChunk(inner, 1, parts);
}

// S = W X + b 1^T. Of one network on a batch that is not wide, part 0 writes S from its own chunks; the other parts leave
// theirs in `partials`, for addPartials.
exported void affine(double memory, int part, int parts, uint32_t scratch, uint32_t s, uint32_t w, uint32_t x, uint32_t b,
            uint32_t panels, uint32_t partials, int members, int out, int inner, int n, int isShared) {
  char *origin = (char *)(uintptr_t)memory;
  REAL *S = (REAL *)(origin + s), *panel = (REAL *)(origin + scratch + (int64_t)part * affineScratch(inner, n, 1));
  const REAL *W = (const REAL *)(origin + w), *B = (const REAL *)(origin + b);
  int chunks = chunksOf(inner);
  Start fromRow = {FROM_ROW, B, 0};
  int64_t rows = (int64_t)members * out;
  if (panels != 0 && sharesColumns(n, parts)) {
    int vectors = columnsOf(n).vectors;
    int from = firstOf(vectors, part, parts) * LANES, to = least(n, firstOf(vectors, part + 1, parts) * LANES);
    Source source = columnsFrom(sourceOf(origin, x, panels, n), from, to);
    return product(S + from, W, &source, panel, rows, inner, fromRow, 0, chunks, chunks);
  }
  if (members == 1 && panels != 0) {
    Source source = sourceOf(origin, x, panels, n);
    int own = firstChunk(inner, 1, parts);
    if (part == 0) return product(S, W, &source, panel, out, inner, fromRow, 0, own, own);
    for (int k = firstChunk(inner, part, parts); k < firstChunk(inner, part + 1, parts); k++) {
      REAL *partial = (REAL *)(origin + partials) + (int64_t)(k - own) * out * n;
      product(partial, W, &source, panel, out, inner, (Start){FROM_ZERO, 0, 0}, k, k + 1,
              FETCHES_NEXT ? k + 1 : firstChunk(inner, part + 1, parts));
    }
    return;
  }
  int64_t row = firstOf(rows, part, parts), end = firstOf(rows, part + 1, parts);
  while (row < end) {
    // Members with inputs of their own are one product each.
    int member = isShared ? 0 : row / out;
    int64_t until = isShared ? end : least(end, (member + 1) * out);
    Source source = sourceOf(origin, x + member * inner * n * sizeof(REAL), panels, n);
    Start start = {FROM_ROW, B + row, 0};
    product(S + row * n, W + row * inner, &source, panel, until - row, inner, start, 0, chunks, chunks);
    row = until;
  }
}

// s += the partials, in the order of their chunks: what one thread alone would have added. Part 0 made none of them, so they
// are in the other parts' caches: these add them up.
exported void addPartials(double memory, int part, int parts, uint32_t s, uint32_t partials, int length, int count) {
  char *origin = (char *)(uintptr_t)memory;
  REAL *S = (REAL *)(origin + s);
  const REAL *P = (const REAL *)(origin + partials);
  if (parts > 1 && part == 0) return;
  if (parts > 1) part--, parts--;
  int64_t i = firstOf(length, part, parts), end = firstOf(length, part + 1, parts);
  for (; i + LANES <= end; i += LANES) {
    vector sum = load(S + i);
    for (int c = 0; c < count; c++) sum = sum + load(P + (int64_t)c * length + i);
    store(S + i, sum);
  }
  for (; i < end; i++) {
    REAL sum = S[i];
    for (int c = 0; c < count; c++) sum = sum + P[(int64_t)c * length + i];
    S[i] = sum;
  }
}

// `rows` rows of W^T, from as many columns of W.
inlined void transposeRows(REAL *wT, const REAL *w, int rows, int out, int inner) {
  int64_t stride = apart(out);
  int k = 0;
  for (; TILES > 1 && k + QUAD <= out; k += QUAD) {
    const REAL *from = w + (int64_t)k * inner;
    int i = 0;
    for (; i + QUAD <= rows; i += QUAD) {
      quad m[QUAD];
      UNROLL
      for (int r = 0; r < QUAD; r++) m[r] = loadQuad(from + (int64_t)r * inner + i);
      transposeQuads(m);
      UNROLL
      for (int r = 0; r < QUAD; r++) storeQuad(wT + (i + r) * stride + k, m[r]);
    }
    for (; i < rows; i++) {
      for (int r = 0; r < QUAD; r++) wT[i * stride + k + r] = from[(int64_t)r * inner + i];
    }
  }
  for (; k < out; k++) {
    for (int i = 0; i < rows; i++) wT[i * stride + k] = w[(int64_t)k * inner + i];
  }
}

// dX = W^T dS.
exported void transposeProduct(double memory, int part, int parts, uint32_t scratch, uint32_t dx, uint32_t w, uint32_t ds,
                      int members, int out, int inner, int n) {
  char *origin = (char *)(uintptr_t)memory;
  REAL *wT = (REAL *)(origin + scratch + (int64_t)part * transposeScratch(out, n));
  REAL *panel = (REAL *)((char *)wT + align(ROWS_AT_ONCE * apart(out) * sizeof(REAL)));
  Columns of = columnsOf(n);
  int length = chunkLength(out), chunks = chunksOf(out);
  int64_t row = firstOf((int64_t)members * inner, part, parts), end = firstOf((int64_t)members * inner, part + 1, parts);
  for (int64_t packed = -1; row < end;) {
    int64_t member = row / inner, first = row - member * inner;
    int height = least(ROWS_AT_ONCE, least(end - row, inner - first));
    const REAL *W = (const REAL *)(origin + w) + member * out * inner + first;
    transposeRows(wT, W, height, out, inner);
    if (member != packed) {
      Source source = {.matrix = (const REAL *)(origin + ds) + member * out * n, .n = n, .stride = n};
      for (int k = 0; k < chunks; k++) {
        fillPanel(panel + (int64_t)k * length * of.vectors * LANES, &source, of, k * length, least(out, (k + 1) * length));
      }
      packed = member;
    }
    REAL *c = (REAL *)(origin + dx) + row * n;
    Tiles tiles = tilesOf(height);
    for (int strip = 0; strip < of.strips; strip++) {
      for (int k = 0; k < chunks; k++) {
        Start start = {k == 0 ? FROM_ZERO : FROM_SELF, c, 0};
        int depth = least(length, out - k * length);
        const REAL *strips = panel + (int64_t)k * length * of.vectors * LANES + (int64_t)firstVector(of, strip) * LANES * depth;
        addStrip(c, n, wT + k * length, apart(out), strips, depth, of, strip, tiles, 0, tiles.count, start, 0);
      }
    }
    row += height;
  }
}

// target <- alpha dS X^T + beta base in `rows` rows and the strips `strip` to `end` of the features.
static void outerRows(REAL *target, const REAL *base, const REAL *scaled, const REAL *betas, const Source *x, REAL *panel,
                      int64_t rows, int inner, int n, int strip, int end) {
  Columns of = columnsOf(inner);
  int length = chunkLength(n), chunks = chunksOf(n), atOnce = stripsAtOnce(rows, n);
  Tiles tiles = tilesOf(rows);
  int blocks = (tiles.count + TILES - 1) / TILES;
  for (int until; strip < end; strip = until) {
    until = least(end, strip + atOnce);
    int64_t f0 = (int64_t)firstVector(of, strip) * LANES;
    for (int k = 0; k < chunks; k++) {
      int depth = least(length, n - k * length);
      for (int s = strip; s < until; s++) {
        int64_t f = (int64_t)firstVector(of, s) * LANES;
        int vectors = firstVector(of, s + 1) - firstVector(of, s);
        fillTransposed(panel + (f - f0) * depth, x, inner, f, vectors, (int64_t)k * length, (int64_t)k * length + depth);
      }
      Start start = k == 0 ? (Start){FROM_MATRIX, base, betas} : (Start){FROM_SELF, target, 0};
      for (int block = 0; block < blocks; block++) {
        int first = firstOf(tiles.count, block, blocks), last = firstOf(tiles.count, block + 1, blocks);
        if (FETCHES_NEXT && k == 0) fetchImages(x, x->next, x->nextCount, f0, f0 + 1, block, blocks);
        for (int s = strip; s < until; s++) {
          const REAL *strips = panel + ((int64_t)firstVector(of, s) * LANES - f0) * depth;
          addStrip(target, inner, scaled + (int64_t)k * length, n, strips, depth, of, s, tiles, first, last, start, k == 0);
        }
      }
    }
  }
}

// target <- alpha dS X^T + beta base, alpha and beta [members].
exported void outerProduct(double memory, int part, int parts, uint32_t scratch, uint32_t target, uint32_t base, uint32_t alpha,
                  uint32_t beta, uint32_t ds, uint32_t x, uint32_t panels, int members, int out, int inner, int n,
                  int isShared) {
  char *origin = (char *)(uintptr_t)memory;
  int isOne = members == 1 && panels != 0;
  int64_t all = (int64_t)members * out;
  int64_t first = isOne ? 0 : firstOf(all, part, parts), end = isOne ? all : firstOf(all, part + 1, parts);
  if (first == end) return;
  int64_t most = isOne ? all : (all + parts - 1) / parts;
  REAL *scaled = (REAL *)(origin + scratch + (int64_t)part * outerScratch(most, out, inner, n, 1));
  REAL *betas = (REAL *)((char *)scaled + align(most * n * sizeof(REAL)));
  REAL *panel = (REAL *)((char *)betas + align(most * sizeof(REAL)));
  const REAL *A = (const REAL *)(origin + alpha), *B = (const REAL *)(origin + beta), *dS = (const REAL *)(origin + ds);
  for (int64_t row = first; row < end; row++) {
    REAL factor = A[row / out];
    const REAL *from = dS + row * n;
    REAL *to = scaled + (row - first) * n;
    int j = 0;
    for (; j + LANES <= n; j += LANES) store(to + j, splat(factor) * load(from + j));
    for (; j < n; j++) to[j] = factor * from[j];
    betas[row - first] = B[row / out];
  }
  int strips = columnsOf(inner).strips;
  int64_t row = first;
  while (row < end) {
    int64_t member = isShared ? 0 : row / out;
    int64_t until = isShared || (member + 1) * out > end ? end : (member + 1) * out;
    Source source = sourceOf(origin, x + member * inner * n * sizeof(REAL), panels, n);
    outerRows((REAL *)(origin + target) + row * inner, (const REAL *)(origin + base) + row * inner, scaled + (row - first) * n,
              betas + (row - first), &source, panel, until - row, inner, n, isOne ? firstOf(strips, part, parts) : 0,
              isOne ? firstOf(strips, part + 1, parts) : strips);
    row = until;
  }
}
