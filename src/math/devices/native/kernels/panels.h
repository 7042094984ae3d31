// B for a product, as panels. B is X [inner, n] or its transpose; X is a matrix, or a batch of images that is still bytes:
// those become numbers here, in a core's own cache, just before they are multiplied.

// A batch in memory: this, then the numbers of its images and of the next batch's; or, where it was written, its matrix.
typedef struct {
  uint32_t images, scale, shift; // offsets in the memory; no images: a matrix follows
  int32_t dimension;
  int32_t n, nextCount;
  int32_t unused[10]; // to the end of a cache line
} Batch;

typedef struct {
  const REAL *matrix; // [inner, stride]; 0 where it is gathered
  int64_t n, stride; // columns that are meant, of a row's
  const uint8_t *images; // [count, dimension]
  int64_t dimension;
  const REAL *scale, *shift; // [dimension]
  const uint32_t *rows; // [n]
  const uint32_t *next; // [nextCount]
  int nextCount;
} Source;

static Source sourceOf(const char *origin, uint32_t x, uint32_t panels, int64_t n) {
  if (panels == 0) return (Source){.matrix = (const REAL *)(origin + x), .n = n, .stride = n};
  const Batch *batch = (const Batch *)(origin + panels);
  if (!batch->images) return (Source){.matrix = (const REAL *)(batch + 1), .n = n, .stride = n};
  const uint32_t *rows = (const uint32_t *)(batch + 1);
  return (Source){
      .n = n,
      .stride = n,
      .images = (const uint8_t *)(origin + batch->images),
      .dimension = batch->dimension,
      .scale = (const REAL *)(origin + batch->scale),
      .shift = (const REAL *)(origin + batch->shift),
      .rows = rows,
      .next = rows + n,
      .nextCount = batch->nextCount,
  };
}

// Columns j0 to j1 of X.
inlined Source columnsFrom(Source x, int64_t j0, int64_t j1) {
  if (x.matrix) x.matrix += j0;
  else x.rows += j0;
  x.n = j1 - j0;
  return x;
}

inlined const uint8_t *imageOf(const Source *x, int64_t j) { return x->images + x->rows[j] * x->dimension; }

inlined REAL number(const Source *x, int64_t j, int64_t f) {
  if (x->matrix) return x->matrix[f * x->stride + j];
  return multiplyAddOne((REAL)imageOf(x, j)[f], x->scale[f], x->shift[f]);
}

// As many bytes as a vector has lanes, as numbers.
inlined vector numbers(const uint8_t *from) {
#if WIDTH == 64
  if (sizeof(REAL) == 4) return (vector)_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)from)));
  return (vector)_mm512_cvtepi32_pd(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)from)));
#elif WIDTH == 32
  if (sizeof(REAL) == 4) return (vector)_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)from)));
  int32_t four;
  __builtin_memcpy(&four, from, 4);
  return (vector)_mm256_cvtepi32_pd(_mm_cvtepu8_epi32(_mm_cvtsi32_si128(four)));
#else
  if (sizeof(REAL) == 8) return (vector){from[0], from[1]};
  uint32_t bytes;
  __builtin_memcpy(&bytes, from, 4);
  return (vector)vcvtq_f32_u32(vmovl_u16(vget_low_u16(vmovl_u8(vcreate_u8(bytes)))));
#endif
}

#ifdef __clang__
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (bytes16){__VA_ARGS__})
#endif

// 16 x 16 bytes: row i of `m` becomes column i. Each of four rounds interleaves the upper rows with the lower ones.
inlined void transpose(bytes16 m[16]) {
  bytes16 t[16];
  UNROLL
  for (int round = 0; round < 4; round++) {
    bytes16 *from = round % 2 ? t : m, *to = round % 2 ? m : t;
    UNROLL
    for (int i = 0; i < 8; i++) {
      to[2 * i] = SHUFFLE(from[i], from[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      to[2 * i + 1] = SHUFFLE(from[i], from[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
  }
}

// A square of numbers, in the same way.
inlined void transposeQuads(quad m[]) {
  UNROLL
  for (int round = 1; round < QUAD; round *= 2) {
    quad t[QUAD];
    UNROLL
    for (int i = 0; i < QUAD; i++) t[i] = m[i];
    UNROLL
    for (int i = 0; i < QUAD / 2; i++) {
      bytes16 a = (bytes16)t[i], b = (bytes16)t[i + QUAD / 2];
      if (sizeof(REAL) == 4) {
        m[2 * i] = (quad)SHUFFLE(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
        m[2 * i + 1] = (quad)SHUFFLE(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
      } else {
        m[2 * i] = (quad)SHUFFLE(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
        m[2 * i + 1] = (quad)SHUFFLE(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
      }
    }
  }
}

// The column of X that is column j of its panel.
inlined int64_t columnOf(const Source *x, int64_t j) {
  int64_t twice = WIDTH == 32 && j >= x->n && j >= FOUR_APART ? j - FOUR_APART : j;
  return twice < x->n ? twice : x->n - 1;
}

// Features f0 to f1 of 16 images from j on, into the vectors that hold them: strip[u] + (f - f0) * stride[u].
inlined void gatherSixteen(const Source *x, int64_t j, int64_t f0, int64_t f1, int vectors, REAL *const strip[], const int64_t stride[]) {
  const REAL *scale = x->scale, *shift = x->shift;
  const uint8_t *image[16];
  for (int i = 0; i < 16; i++) image[i] = imageOf(x, columnOf(x, j + i));
  int64_t f = f0;
  for (; f + 16 <= f1; f += 16) {
    bytes16 m[16];
    UNROLL
    for (int i = 0; i < 16; i++) m[i] = *(const bytes16 *)(image[i] + f);
    transpose(m);
    for (int u = 0; u < vectors; u++) {
      REAL *to = strip[u] + (f - f0) * stride[u];
      UNROLL
      for (int i = 0; i < 16; i++, to += stride[u]) {
        store(to, multiplyAdd(numbers((const uint8_t *)&m[i] + u * LANES), splat(scale[f + i]), splat(shift[f + i])));
      }
    }
  }
  for (; f < f1; f++) {
    for (int u = 0; u < vectors; u++) {
      REAL *to = strip[u] + (f - f0) * stride[u];
      for (int l = 0; l < LANES; l++) to[l] = number(x, columnOf(x, j + u * LANES + l), f);
    }
  }
}

// Panel of X [inner, n], features f0 to f1.
static void fillPanel(REAL *panel, const Source *x, Columns of, int64_t f0, int64_t f1) {
  int64_t depth = f1 - f0;
  enum { block = 16 * sizeof(REAL) < WIDTH ? 1 : 16 * sizeof(REAL) / WIDTH }; // vectors of 16 samples
  if (x->matrix) {
    for (int strip = 0; strip < of.strips; strip++) {
      int from = firstVector(of, strip), vectors = firstVector(of, strip + 1) - from;
      REAL *to = panel + (int64_t)from * LANES * depth;
      int wide = least(vectors * LANES, of.columns - from * LANES);
      for (int64_t f = f0; f < f1; f++, to += vectors * LANES) {
        copyRows(1, to, 0, x->matrix + f * x->stride + from * LANES, 0, wide);
        for (int l = wide; l < vectors * LANES; l++) to[l] = WIDTH == 32 && l >= FOUR_APART ? to[l - FOUR_APART] : 0;
      }
    }
    return;
  }
  int strip = 0;
  for (int v = 0; v < of.vectors; v += block) {
    REAL *to[block];
    int64_t stride[block];
    int vectors = least(block, of.vectors - v);
    for (int u = 0; u < vectors; u++) {
      while (firstVector(of, strip + 1) <= v + u) strip++;
      int from = firstVector(of, strip);
      stride[u] = (firstVector(of, strip + 1) - from) * LANES;
      to[u] = panel + from * LANES * depth + (v + u - from) * LANES;
    }
    gatherSixteen(x, (int64_t)v * LANES, f0, f1, vectors, to, stride);
  }
}

// One strip of X^T [n, inner]: `vectors` vectors of features from f on, samples j0 to j1.
static void fillTransposed(REAL *strip, const Source *x, int64_t inner, int64_t f, int vectors, int64_t j0, int64_t j1) {
  int width = vectors * LANES;
  if (WIDTH == 32 && !x->matrix && vectors == 2 && f + width <= inner) {
    vector scale[2] = {load(x->scale + f), load(x->scale + f + LANES)}, shift[2] = {load(x->shift + f), load(x->shift + f + LANES)};
    for (int64_t j = j0; j < j1; j++, strip += width) {
      const uint8_t *image = imageOf(x, j) + f;
      store(strip, multiplyAdd(numbers(image), scale[0], shift[0]));
      store(strip + LANES, multiplyAdd(numbers(image + LANES), scale[1], shift[1]));
    }
    return;
  }
  if (!x->matrix && f + width <= inner) {
    for (int v = 0; v < vectors; v++) {
      vector scale = load(x->scale + f + v * LANES), shift = load(x->shift + f + v * LANES);
      REAL *to = strip + v * LANES;
      for (int64_t j = j0; j < j1; j++, to += width) {
        store(to, multiplyAdd(numbers(imageOf(x, j) + f + v * LANES), scale, shift));
      }
    }
    return;
  }
  // What lies past the last feature is multiplied, and never stored.
  for (int l = 0; l < width && f + l < inner; l += QUAD) {
    int64_t j = j0;
    for (; x->matrix && f + l + QUAD <= inner && j + QUAD <= j1; j += QUAD) {
      quad m[QUAD];
      UNROLL
      for (int i = 0; i < QUAD; i++) m[i] = loadQuad(x->matrix + (f + l + i) * x->stride + j);
      transposeQuads(m);
      UNROLL
      for (int i = 0; i < QUAD; i++) storeQuad(strip + (j - j0 + i) * width + l, m[i]);
    }
    for (; j < j1; j++) {
      for (int i = 0; i < QUAD; i++) strip[(j - j0) * width + l + i] = f + l + i < inner ? number(x, j, f + l + i) : 0;
    }
  }
  if (WIDTH == 32 && QUAD == FOUR_APART && inner - f == FOUR_APART) {
    for (; j0 < j1; j0++, strip += width) storeQuad(strip + FOUR_APART, loadQuad(strip));
  }
}
