// Kernels that touch each number once. Each does one part of `parts`: a range of numbers, rows or members.

// h = max(0, s); NaN stays NaN.
exported void relu(double memory, int part, int parts, uint32_t h, uint32_t s, int count) {
  char *origin = (char *)(uintptr_t)memory;
  REAL *H = (REAL *)(origin + h);
  const REAL *S = (const REAL *)(origin + s);
  int64_t i = firstOf(count, part, parts), end = firstOf(count, part + 1, parts);
  for (; i + LANES <= end; i += LANES) {
    vector x = load(S + i);
    store(H + i, choose((x > 0) | (x != x), x, (vector){0}));
  }
  for (; i < end; i++) H[i] = S[i] > 0 || S[i] != S[i] ? S[i] : 0;
}

// ds = dh where h > 0, else 0.
exported void reluGradient(double memory, int part, int parts, uint32_t ds, uint32_t dh, uint32_t h, int count) {
  char *origin = (char *)(uintptr_t)memory;
  REAL *dS = (REAL *)(origin + ds);
  const REAL *dH = (const REAL *)(origin + dh), *H = (const REAL *)(origin + h);
  int64_t i = firstOf(count, part, parts), end = firstOf(count, part + 1, parts);
  for (; i + LANES <= end; i += LANES) store(dS + i, choose(load(H + i) > 0, load(dH + i), (vector){0}));
  for (; i < end; i++) dS[i] = H[i] > 0 ? dH[i] : 0;
}

// product = a b, number by number; product may be a or b.
exported void multiply(double memory, int part, int parts, uint32_t product, uint32_t a, uint32_t b, int count) {
  char *origin = (char *)(uintptr_t)memory;
  REAL *to = (REAL *)(origin + product);
  const REAL *A = (const REAL *)(origin + a), *B = (const REAL *)(origin + b);
  int64_t i = firstOf(count, part, parts), end = firstOf(count, part + 1, parts);
  for (; i + LANES <= end; i += LANES) store(to + i, load(A + i) * load(B + i));
  for (; i < end; i++) to[i] = A[i] * B[i];
}

// The sum of n contiguous numbers.
inlined REAL sumOf(const REAL *from, int n) {
  quad sums = {0};
  int j = 0;
  for (; j + QUAD <= n; j += QUAD) sums = sums + loadQuad(from + j);
  REAL total = laneSum(sums);
  for (; j < n; j++) total = total + from[j];
  return total;
}

// target <- alpha dS 1 + beta base, alpha and beta [members]: sums over contiguous samples.
exported void sampleSum(double memory, int part, int parts, uint32_t target, uint32_t base, uint32_t alpha, uint32_t beta,
               uint32_t ds, int members, int out, int n) {
  char *origin = (char *)(uintptr_t)memory;
  REAL *to = (REAL *)(origin + target);
  const REAL *from = (const REAL *)(origin + base), *A = (const REAL *)(origin + alpha), *B = (const REAL *)(origin + beta);
  const REAL *dS = (const REAL *)(origin + ds);
  for (int64_t i = firstOf((int64_t)members * out, part, parts), end = firstOf((int64_t)members * out, part + 1, parts); i < end; i++) {
    to[i] = blend(sumOf(dS + i * n, n), A[i / out], B[i / out], from + i);
  }
}

// target <- alpha g + beta base, alpha and beta [members]; `length` numbers a member.
exported void combine(double memory, int part, int parts, uint32_t target, uint32_t base, uint32_t alpha, uint32_t beta, uint32_t g,
             int members, int length) {
  char *origin = (char *)(uintptr_t)memory;
  REAL *to = (REAL *)(origin + target);
  const REAL *from = (const REAL *)(origin + base), *A = (const REAL *)(origin + alpha), *B = (const REAL *)(origin + beta);
  const REAL *G = (const REAL *)(origin + g);
  int64_t i = firstOf((int64_t)members * length, part, parts), end = firstOf((int64_t)members * length, part + 1, parts);
  while (i < end) {
    int64_t member = i / length, until = (member + 1) * length < end ? (member + 1) * length : end;
    REAL a = A[member], b = B[member];
    for (; i + LANES <= until; i += LANES) {
      vector own = splat(a) * load(G + i);
      if (b != 0) own = own + splat(b) * load(from + i);
      store(to + i, own);
    }
    for (; i < until; i++) to[i] = blend(G[i], a, b, from + i);
  }
}

// target <- alpha g g + beta base, alpha and beta [members]; `length` numbers a member.
exported void combineSquares(double memory, int part, int parts, uint32_t target, uint32_t base, uint32_t alpha, uint32_t beta,
                    uint32_t g, int members, int length) {
  char *origin = (char *)(uintptr_t)memory;
  REAL *to = (REAL *)(origin + target);
  const REAL *from = (const REAL *)(origin + base), *A = (const REAL *)(origin + alpha), *B = (const REAL *)(origin + beta);
  const REAL *G = (const REAL *)(origin + g);
  int64_t i = firstOf((int64_t)members * length, part, parts), end = firstOf((int64_t)members * length, part + 1, parts);
  while (i < end) {
    int64_t member = i / length, until = (member + 1) * length < end ? (member + 1) * length : end;
    REAL a = A[member], b = B[member];
    for (; i + LANES <= until; i += LANES) {
      vector squares = splat(a) * (load(G + i) * load(G + i));
      if (b != 0) squares = squares + splat(b) * load(from + i);
      store(to + i, squares);
    }
    for (; i < until; i++) to[i] = blend(G[i] * G[i], a, b, from + i);
  }
}

// w <- keep w - rate d / (sqrt(correction v) + eps), the factors [members]; `length` numbers a member.
exported void rootStep(double memory, int part, int parts, uint32_t w, uint32_t d, uint32_t v, uint32_t keep, uint32_t rate,
              uint32_t correction, uint32_t eps, int members, int length) {
  char *origin = (char *)(uintptr_t)memory;
  REAL *W = (REAL *)(origin + w);
  const REAL *D = (const REAL *)(origin + d), *V = (const REAL *)(origin + v), *K = (const REAL *)(origin + keep);
  const REAL *R = (const REAL *)(origin + rate), *C = (const REAL *)(origin + correction), *E = (const REAL *)(origin + eps);
  int64_t i = firstOf((int64_t)members * length, part, parts), end = firstOf((int64_t)members * length, part + 1, parts);
  while (i < end) {
    int64_t member = i / length, until = (member + 1) * length < end ? (member + 1) * length : end;
    REAL k = K[member], r = R[member], c = C[member], e = E[member];
    for (; i + LANES <= until; i += LANES) {
      vector direction = load(D + i) / (rootOf(splat(c) * load(V + i)) + splat(e));
      store(W + i, splat(k) * load(W + i) - splat(r) * direction);
    }
    for (; i < until; i++) {
      REAL direction = D[i] / (rootOfOne(c * V[i]) + e);
      W[i] = k * W[i] - r * direction;
    }
  }
}

// g <- g min(1, limit / sqrt(squares)), squares in double and limit [members]; `length` numbers a member.
exported void clip(double memory, int part, int parts, uint32_t g, uint32_t squares, uint32_t limit, int members, int length) {
  char *origin = (char *)(uintptr_t)memory;
  REAL *G = (REAL *)(origin + g);
  const double *S = (const double *)(origin + squares);
  const REAL *L = (const REAL *)(origin + limit);
  int64_t i = firstOf((int64_t)members * length, part, parts), end = firstOf((int64_t)members * length, part + 1, parts);
  while (i < end) {
    int64_t member = i / length, until = (member + 1) * length < end ? (member + 1) * length : end;
    double most = L[member], norm = __builtin_sqrt(S[member]);
    if (!(norm > most)) {
      i = until;
      continue;
    }
    REAL scale = (REAL)(most / norm);
    for (; i + LANES <= until; i += LANES) store(G + i, load(G + i) * splat(scale));
    for (; i < until; i++) G[i] = G[i] * scale;
  }
}

// v <- v + pull w, w <- w - v, pull [members]; `length` numbers a member.
exported void followVelocity(double memory, int part, int parts, uint32_t w, uint32_t v, uint32_t pull, int members, int length) {
  char *origin = (char *)(uintptr_t)memory;
  REAL *W = (REAL *)(origin + w), *V = (REAL *)(origin + v);
  const REAL *P = (const REAL *)(origin + pull);
  int64_t i = firstOf((int64_t)members * length, part, parts), end = firstOf((int64_t)members * length, part + 1, parts);
  while (i < end) {
    int64_t member = i / length, until = (member + 1) * length < end ? (member + 1) * length : end;
    REAL p = P[member];
    for (; i + LANES <= until; i += LANES) {
      vector weights = load(W + i), velocities = load(V + i) + splat(p) * weights;
      store(V + i, velocities);
      store(W + i, weights - velocities);
    }
    for (; i < until; i++) {
      V[i] = V[i] + p * W[i];
      W[i] = W[i] - V[i];
    }
  }
}

// Adds each member's sum of squares: in f64, whatever the weights. A member is one part's, so its order is fixed.
exported void squareSum(double memory, int part, int parts, uint32_t tally, uint32_t w, int members, int length) {
  char *origin = (char *)(uintptr_t)memory;
  for (int p = part; p < members; p += parts) {
    const REAL *W = (const REAL *)(origin + w) + (int64_t)p * length;
    four sums = {0};
    int i = 0;
    for (; i + 4 <= length; i += 4) {
      four x = {W[i], W[i + 1], W[i + 2], W[i + 3]};
      sums = sums + x * x;
    }
    double sum = (sums[0] + sums[2]) + (sums[1] + sums[3]);
    for (; i < length; i++) sum += (double)W[i] * (double)W[i];
    ((double *)(origin + tally))[p] += sum;
  }
}
