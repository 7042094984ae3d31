// p = softmax of each column of s [members, classes, n]; adds [sum of -log p_y, correct] to the tallies, in f64.
// A member is one part's, so that its sum has one order: that of the samples.

// The first `count` numbers, and zeros.
inlined vector loadSome(const REAL *from, int count) {
  if (count == LANES) return load(from);
  vector v = {0};
  for (int l = 0; l < count; l++) v[l] = from[l];
  return v;
}

inlined void storeSome(REAL *to, vector v, int count) {
  if (count == LANES) store(to, v);
  else for (int l = 0; l < count; l++) to[l] = v[l];
}

// As many columns as a vector has lanes, or fewer.
inlined void softmaxColumns(REAL *p, double *tally, const REAL *s, const REAL *labels, int classes, int stride, int count) {
  vector largest = loadSome(s, count), best = {0}, label = loadSome(labels, count), ofLabel = largest;
  for (int k = 1; k < classes; k++) {
    vector score = loadSome(s + (int64_t)k * stride, count), index = splat((REAL)k);
    mask isLarger = score > largest;
    largest = choose(isLarger, score, largest);
    best = choose(isLarger, index, best);
    ofLabel = choose(label == index, score, ofLabel);
  }
  vector sum = {0};
  for (int k = 0; k < classes; k++) {
    vector e = exponentialLanes(loadSome(s + (int64_t)k * stride, count) - largest);
    storeSome(p + (int64_t)k * stride, e, count);
    sum = sum + e;
  }
  for (int k = 0; k < classes; k++) {
    storeSome(p + (int64_t)k * stride, loadSome(p + (int64_t)k * stride, count) / sum, count);
  }
  // -log p_y = log(sum_k e^(s_k - max)) - (s_y - max); a sum that is NaN is never a right answer.
  vector below = ofLabel - largest;
  mask isRight = (best == label) & (sum == sum);
  for (int l = 0; l < count; l++) {
    tally[0] = tally[0] + (logarithm(sum[l]) - (double)below[l]);
    tally[1] = tally[1] + (isRight[l] ? 1 : 0);
  }
}

exported void softmaxCrossEntropy(double memory, int part, int parts, uint32_t p, uint32_t tally, uint32_t s, uint32_t labels,
                         int members, int classes, int n) {
  char *origin = (char *)(uintptr_t)memory;
  const REAL *y = (const REAL *)(origin + labels);
  for (int member = part; member < members; member += parts) {
    REAL *P = (REAL *)(origin + p) + (int64_t)member * classes * n;
    const REAL *S = (const REAL *)(origin + s) + (int64_t)member * classes * n;
    double *sums = (double *)(origin + tally) + 2 * member;
    int j = 0;
    for (; j + LANES <= n; j += LANES) softmaxColumns(P + j, sums, S + j, y + j, classes, n, LANES);
    if (j < n) softmaxColumns(P + j, sums, S + j, y + j, classes, n, n - j);
  }
}

// dS = (P - Y) / n
exported void softmaxCrossEntropyGradient(double memory, int part, int parts, uint32_t ds, uint32_t p, uint32_t labels, int members,
                                 int classes, int n) {
  char *origin = (char *)(uintptr_t)memory;
  const REAL *y = (const REAL *)(origin + labels);
  int64_t rows = (int64_t)members * classes;
  vector one = splat(1);
  for (int64_t row = firstOf(rows, part, parts), end = firstOf(rows, part + 1, parts); row < end; row++) {
    REAL *dS = (REAL *)(origin + ds) + row * n;
    const REAL *P = (const REAL *)(origin + p) + row * n;
    REAL k = (REAL)(row % classes);
    int j = 0;
    for (; j + LANES <= n; j += LANES) {
      vector hit = choose(load(y + j) == splat(k), one, (vector){0});
      store(dS + j, (load(P + j) - hit) / splat((REAL)n));
    }
    for (; j < n; j++) dS[j] = (P[j] - (y[j] == k ? 1 : 0)) / (REAL)n;
  }
}
