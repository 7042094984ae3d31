// Losses other than softmax cross-entropy, in double whatever the scores: 0 smoothed targets, 1 sigmoid, 2 hinge. A member is
// one part's, so that its sum has one order: that of the samples.

// With `others` a target has two labels: `shares` of the first, and what is left of 1 of the other.

// Whether the label has the largest score, the first of equals; never where one is NaN.
inlined int isRightAnswer(const REAL *s, int label, int classes, int n) {
  int best = 0, isNumber = s[0] == s[0];
  REAL largest = s[0];
  for (int k = 1; k < classes; k++) {
    REAL score = s[(int64_t)k * n];
    if (score != score) isNumber = 0;
    if (score > largest) {
      largest = score;
      best = k;
    }
  }
  return isNumber && best == label;
}

// (1 - a) (log sum - (s_y - max)) + a (log sum - the mean of s - max); p = softmax(s)
inlined double smoothedLoss(REAL *p, const REAL *s, int label, int other, double share, double smoothing, int classes, int n) {
  double max = s[0];
  for (int k = 1; k < classes; k++) {
    double score = s[(int64_t)k * n];
    if (score > max) max = score;
  }
  double sum = 0, total = 0;
  for (int k = 0; k < classes; k++) {
    double below = s[(int64_t)k * n] - max;
    total += below;
    sum += exponential(below);
  }
  double logSum = logarithm(sum), ofLabel = share * (s[(int64_t)label * n] - max);
  if (other >= 0) ofLabel += (1 - share) * (s[(int64_t)other * n] - max);
  for (int k = 0; k < classes; k++) p[(int64_t)k * n] = (REAL)(exponential(s[(int64_t)k * n] - max) / sum);
  return (1 - smoothing) * (logSum - ofLabel) + smoothing * (logSum - total / (double)classes);
}

// weight sum_k (max(s, 0) - s y + log(1 + e^-|s|)); p = 1 / (1 + e^-s)
inlined double sigmoidLoss(REAL *p, const REAL *s, int label, int other, double share, double weight, int classes, int n) {
  double sum = 0;
  for (int k = 0; k < classes; k++) {
    double score = s[(int64_t)k * n], tail = exponential(score > 0 ? -score : score);
    double positive = score > 0 || score != score ? score : 0;
    double wanted = k == label ? share * score : 0;
    if (k == other) wanted += (1 - share) * score;
    sum += positive - wanted + logarithm(1 + tail);
    p[(int64_t)k * n] = (REAL)((score >= 0 ? 1 : tail) / (1 + tail));
  }
  return weight * sum;
}

// sum_{k != y} max(0, s_k - s_y + margin); p = 1 where that is above 0, and less their number for y
inlined double hingeLoss(REAL *p, const REAL *s, int label, double margin, int classes, int n) {
  double ofLabel = s[(int64_t)label * n], sum = 0;
  int within = 0;
  for (int k = 0; k < classes; k++) {
    if (k == label) continue;
    double distance = s[(int64_t)k * n] - ofLabel + margin;
    int isWithin = distance > 0;
    if (isWithin) within++;
    if (isWithin || distance != distance) sum += distance;
    p[(int64_t)k * n] = isWithin ? 1 : 0;
  }
  p[(int64_t)label * n] = -(REAL)within;
  return sum;
}

// Writes p and adds [sum of losses, right answers] to the tallies.
exported void classLoss(double memory, int part, int parts, uint32_t p, uint32_t tally, uint32_t s, uint32_t labels, uint32_t others,
               uint32_t shares, int kind, REAL parameter, int members, int classes, int n) {
  char *origin = (char *)(uintptr_t)memory;
  const REAL *Y = (const REAL *)(origin + labels), *O = (const REAL *)(origin + others), *A = (const REAL *)(origin + shares);
  for (int member = part; member < members; member += parts) {
    REAL *P = (REAL *)(origin + p) + (int64_t)member * classes * n;
    const REAL *S = (const REAL *)(origin + s) + (int64_t)member * classes * n;
    double *sums = (double *)(origin + tally) + 2 * member;
    for (int j = 0; j < n; j++) {
      int label = (int)Y[j], other = others == 0 ? -1 : (int)O[j];
      double share = others == 0 ? 1 : A[j];
      if (isRightAnswer(S + j, label, classes, n)) sums[1] += 1;
      sums[0] += kind == 0   ? smoothedLoss(P + j, S + j, label, other, share, parameter, classes, n)
                 : kind == 1 ? sigmoidLoss(P + j, S + j, label, other, share, parameter, classes, n)
                             : hingeLoss(P + j, S + j, label, parameter, classes, n);
    }
  }
}

// dS = (P - T) / n, weight (P - Y) / n, or P / n
exported void classLossGradient(double memory, int part, int parts, uint32_t ds, uint32_t p, uint32_t labels, uint32_t others,
                       uint32_t shares, int kind, REAL parameter, int members, int classes, int n) {
  char *origin = (char *)(uintptr_t)memory;
  const REAL *Y = (const REAL *)(origin + labels), *O = (const REAL *)(origin + others), *A = (const REAL *)(origin + shares);
  int64_t rows = (int64_t)members * classes;
  double a = parameter;
  for (int64_t row = firstOf(rows, part, parts), end = firstOf(rows, part + 1, parts); row < end; row++) {
    REAL *dS = (REAL *)(origin + ds) + row * n;
    const REAL *P = (const REAL *)(origin + p) + row * n;
    for (int j = 0; j < n; j++) {
      double share = others == 0 ? 1 : A[j], value = P[j];
      double target = (int)Y[j] == row % classes ? share : 0;
      if (others != 0 && (int)O[j] == row % classes) target += 1 - share;
      double slope = kind == 0   ? value - ((1 - a) * target + a / (double)classes)
                     : kind == 1 ? a * (value - target)
                                 : value;
      dS[j] = (REAL)(slope / (double)n);
    }
  }
}
