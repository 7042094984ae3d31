// What nodes make of their scores, other than max(0, s): 0 leaky ReLU, 1 GELU, 2 tanh. The latter two in double whatever the
// scores. Each does one part of `parts`: a range of numbers.

// GELU is x gate(x), gate = sigmoid(2u), u = sqrt(2 / pi) (x + 0.044715 x^3). Beyond 30 the gate is 0 or 1 to the last bit.
inlined double gate(double x) {
  double near = x > 30 ? 30 : x < -30 ? -30 : x;
  double twice = 1.5957691216057308 * (near + 0.044715 * (near * near * near));
  double tail = exponential(twice > 0 ? -twice : twice);
  return (twice >= 0 ? 1 : tail) / (1 + tail);
}

// gate + x gate (1 - gate) d(2u)/dx
inlined double gateSlope(double x) {
  double near = x > 30 ? 30 : x < -30 ? -30 : x;
  double open = gate(x);
  return open + near * (open * (1 - open)) * (1.5957691216057308 * (1 + 0.134145 * (near * near)));
}

// tanh x = (1 - e^-2|x|) / (1 + e^-2|x|) with the sign of x, and near 0 its series to x^11.
inlined double tangent(double x) {
  double size = x < 0 ? -x : x;
  if (size < 0.0625) {
    double y = x * x;
    double rest = -0.3333333333333333 +
                  y * (0.13333333333333333 +
                       y * (-0.05396825396825397 + y * (0.021869488536155203 + y * -0.008863235529902197)));
    return x + x * (y * rest);
  }
  double tail = exponential(-2 * size), value = (1 - tail) / (1 + tail);
  return x < 0 ? -value : value;
}

// 1 - tanh^2 x
inlined double tangentSlope(double x) {
  double value = tangent(x);
  return 1 - value * value;
}

// f(x) of GELU (kind 1) or tanh, or its slope, of one number and of four by the same operations.
inlined double activated(double x, int kind, int isSlope) {
  if (isSlope) return kind == 1 ? gateSlope(x) : tangentSlope(x);
  return kind == 1 ? x * gate(x) : tangent(x);
}

inlined four activatedOneByOne(four x, int kind, int isSlope) {
  four y;
  for (int l = 0; l < 4; l++) y[l] = activated(x[l], kind, isSlope);
  return y;
}

inlined four activatedFour(four x, int kind, int isSlope) {
  if (kind == 1) {
    four near = chooseFour(x > 30.0, splatFour(30), chooseFour(x < -30.0, splatFour(-30), x));
    four twice = 1.5957691216057308 * (near + 0.044715 * (near * near * near));
    four below = chooseFour(twice > 0.0, -twice, twice);
    if (!areModerate(below)) return activatedOneByOne(x, kind, isSlope);
    four tail = exponentialFour(below);
    four open = chooseFour(twice >= 0.0, splatFour(1), tail) / (1.0 + tail);
    if (!isSlope) return x * open;
    return open + near * (open * (1.0 - open)) * (1.5957691216057308 * (1.0 + 0.134145 * (near * near)));
  }
  four size = chooseFour(x < 0.0, -x, x);
  if (!areModerate(-2.0 * size)) return activatedOneByOne(x, kind, isSlope);
  four y = x * x;
  four rest = -0.3333333333333333 +
              y * (0.13333333333333333 +
                   y * (-0.05396825396825397 + y * (0.021869488536155203 + y * -0.008863235529902197)));
  four tail = exponentialFour(-2.0 * size), far = (1.0 - tail) / (1.0 + tail);
  four value = chooseFour(size < 0.0625, x + x * (y * rest), chooseFour(x < 0.0, -far, far));
  if (isSlope) return 1.0 - value * value;
  return value;
}

// h = f(s)
exported void activate(double memory, int part, int parts, uint32_t h, uint32_t s, int kind, REAL slope, int count) {
  char *origin = (char *)(uintptr_t)memory;
  REAL *H = (REAL *)(origin + h);
  const REAL *S = (const REAL *)(origin + s);
  int64_t i = firstOf(count, part, parts), end = firstOf(count, part + 1, parts);
  if (kind == 0) {
    for (; i + LANES <= end; i += LANES) {
      vector x = load(S + i);
      store(H + i, choose(x > 0, x, splat(slope) * x));
    }
    for (; i < end; i++) H[i] = S[i] > 0 ? S[i] : slope * S[i];
    return;
  }
  for (; i + 4 <= end; i += 4) storeFour(H + i, activatedFour(loadFour(S + i), kind, 0));
  for (; i < end; i++) H[i] = (REAL)activated(S[i], kind, 0);
}

// ds = dh f'(s): `from` is h of the leaky ReLU, s of GELU and tanh.
exported void activationGradient(double memory, int part, int parts, uint32_t ds, uint32_t dh, uint32_t from, int kind, REAL slope,
                        int count) {
  char *origin = (char *)(uintptr_t)memory;
  REAL *dS = (REAL *)(origin + ds);
  const REAL *dH = (const REAL *)(origin + dh), *X = (const REAL *)(origin + from);
  int64_t i = firstOf(count, part, parts), end = firstOf(count, part + 1, parts);
  if (kind == 0) {
    for (; i + LANES <= end; i += LANES) {
      vector d = load(dH + i);
      store(dS + i, choose(load(X + i) > 0, d, splat(slope) * d));
    }
    for (; i < end; i++) dS[i] = X[i] > 0 ? dH[i] : slope * dH[i];
    return;
  }
  for (; i + 4 <= end; i += 4) storeFour(dS + i, loadFour(dH + i) * activatedFour(loadFour(X + i), kind, 1));
  for (; i < end; i++) dS[i] = (REAL)(dH[i] * activated(X[i], kind, 1));
}
