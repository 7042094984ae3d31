// Batch normalisation of rows [members * out, n]: one row is one feature of one member, its samples contiguous. Each part
// does a range of rows.

inlined REAL squareRoot(REAL x) { return sizeof(REAL) == 4 ? (REAL)__builtin_sqrtf(x) : (REAL)__builtin_sqrt(x); }

inlined REAL centredSum(const REAL *from, REAL centre, int n) {
  quad sums = {0};
  int j = 0;
  for (; j + QUAD <= n; j += QUAD) sums = sums + (loadQuad(from + j) - splatQuad(centre));
  REAL total = laneSum(sums);
  for (; j < n; j++) total = total + (from[j] - centre);
  return total;
}

inlined REAL centredSquareSum(const REAL *from, REAL centre, int n) {
  quad sums = {0};
  int j = 0;
  for (; j + QUAD <= n; j += QUAD) {
    quad apart = loadQuad(from + j) - splatQuad(centre);
    sums = multiplyAddQuad(apart, apart, sums);
  }
  REAL total = laneSum(sums);
  for (; j < n; j++) {
    REAL apart = from[j] - centre;
    total = total + apart * apart;
  }
  return total;
}

inlined REAL productSum(const REAL *a, const REAL *b, int n) {
  quad sums = {0};
  int j = 0;
  for (; j + QUAD <= n; j += QUAD) sums = multiplyAddQuad(loadQuad(a + j), loadQuad(b + j), sums);
  REAL total = laneSum(sums);
  for (; j < n; j++) total = total + a[j] * b[j];
  return total;
}

inlined void centreAndScale(REAL *to, const REAL *from, REAL centre, REAL scale, int n) {
  int j = 0;
  for (; j + LANES <= n; j += LANES) store(to + j, (load(from + j) - splat(centre)) * splat(scale));
  for (; j < n; j++) to[j] = (from[j] - centre) * scale;
}

inlined void affineRow(REAL *to, const REAL *from, REAL gain, REAL offset, int n) {
  int j = 0;
  for (; j + LANES <= n; j += LANES) store(to + j, load(from + j) * splat(gain) + splat(offset));
  for (; j < n; j++) to[j] = from[j] * gain + offset;
}

// normalised = (s - mean) / sqrt(variance + eps) with the row's own mean and biased variance, y = gamma normalised + beta.
// `gamma` 0: y = normalised. y may be s.
exported void batchNorm(double memory, int part, int parts, uint32_t y, uint32_t normalised, uint32_t mean, uint32_t variance,
               uint32_t s, uint32_t gamma, uint32_t beta, REAL eps, int rows, int n) {
  char *origin = (char *)(uintptr_t)memory;
  const REAL *gains = (const REAL *)(origin + gamma), *offsets = (const REAL *)(origin + beta);
  for (int64_t row = firstOf(rows, part, parts), end = firstOf(rows, part + 1, parts); row < end; row++) {
    REAL *Y = (REAL *)(origin + y) + row * n, *X = (REAL *)(origin + normalised) + row * n;
    const REAL *S = (const REAL *)(origin + s) + row * n;
    REAL rough = sumOf(S, n) / (REAL)n;
    // What rounding left over: without it a constant feature would keep a spread of its own.
    REAL centre = rough + centredSum(S, rough, n) / (REAL)n;
    REAL spread = centredSquareSum(S, centre, n) / (REAL)n;
    ((REAL *)(origin + mean))[row] = centre;
    ((REAL *)(origin + variance))[row] = spread;
    centreAndScale(X, S, centre, 1 / squareRoot(spread + eps), n);
    if (gamma != 0) affineRow(Y, X, gains[row], offsets[row], n);
    else if (y != normalised) __builtin_memcpy(Y, X, n * sizeof(REAL));
  }
}

// The same with a mean and a variance that are given. y may be s.
exported void normalise(double memory, int part, int parts, uint32_t y, uint32_t s, uint32_t mean, uint32_t variance, uint32_t gamma,
               uint32_t beta, REAL eps, int rows, int n) {
  char *origin = (char *)(uintptr_t)memory;
  const REAL *gains = (const REAL *)(origin + gamma), *offsets = (const REAL *)(origin + beta);
  for (int64_t row = firstOf(rows, part, parts), end = firstOf(rows, part + 1, parts); row < end; row++) {
    REAL *Y = (REAL *)(origin + y) + row * n;
    REAL scale = 1 / squareRoot(((const REAL *)(origin + variance))[row] + eps);
    centreAndScale(Y, (const REAL *)(origin + s) + row * n, ((const REAL *)(origin + mean))[row], scale, n);
    if (gamma != 0) affineRow(Y, Y, gains[row], offsets[row], n);
  }
}

// ds = gamma / sqrt(variance + eps) (dy - mean(dy) - normalised mean(dy normalised)): through the batch's own statistics.
exported void batchNormGradient(double memory, int part, int parts, uint32_t ds, uint32_t dy, uint32_t normalised, uint32_t variance,
                       uint32_t gamma, REAL eps, int rows, int n) {
  char *origin = (char *)(uintptr_t)memory;
  for (int64_t row = firstOf(rows, part, parts), end = firstOf(rows, part + 1, parts); row < end; row++) {
    const REAL *from = (const REAL *)(origin + dy) + row * n, *x = (const REAL *)(origin + normalised) + row * n;
    REAL *to = (REAL *)(origin + ds) + row * n;
    REAL gain = gamma == 0 ? 1 : ((const REAL *)(origin + gamma))[row];
    REAL scale = gain / squareRoot(((const REAL *)(origin + variance))[row] + eps);
    REAL mean = sumOf(from, n) / (REAL)n;
    REAL slope = productSum(from, x, n) / (REAL)n;
    int j = 0;
    for (; j + LANES <= n; j += LANES) {
      vector rest = load(from + j) - splat(mean) - splat(slope) * load(x + j);
      store(to + j, splat(scale) * rest);
    }
    for (; j < n; j++) to[j] = scale * (from[j] - mean - slope * x[j]);
  }
}

// target <- alpha sum_j a[j] b[j] + beta base, row by row; alpha and beta [members].
exported void sampleProductSum(double memory, int part, int parts, uint32_t target, uint32_t base, uint32_t alpha, uint32_t beta,
                      uint32_t a, uint32_t b, int members, int out, int n) {
  char *origin = (char *)(uintptr_t)memory;
  const REAL *A = (const REAL *)(origin + alpha), *B = (const REAL *)(origin + beta);
  int64_t rows = (int64_t)members * out;
  for (int64_t row = firstOf(rows, part, parts), end = firstOf(rows, part + 1, parts); row < end; row++) {
    REAL total = productSum((const REAL *)(origin + a) + row * n, (const REAL *)(origin + b) + row * n, n);
    ((REAL *)(origin + target))[row] = blend(total, A[row / out], B[row / out], (const REAL *)(origin + base) + row);
  }
}
