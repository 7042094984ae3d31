// Exponential and logarithm, the same operations as the WebAssembly kernels': their own polynomial for vectors of f32, and
// musl's table-driven ones for f64. Nothing is asked of the system's mathematics library.

inlined double doubleOf(uint64_t bits) {
  double x;
  __builtin_memcpy(&x, &bits, 8);
  return x;
}

inlined uint64_t bitsOf(double x) {
  uint64_t bits;
  __builtin_memcpy(&bits, &x, 8);
  return bits;
}

// log x of x >= 1 or NaN.
static double logarithm(double x) {
  uint64_t bits = bitsOf(x);
  if (bits - 0x3FEE000000000000 < 0x3FF1090000000000 - 0x3FEE000000000000) {
    // Near 1.
    double r = x - 1.0, r2 = r * r, r3 = r2 * r;
    double y = r3 * (0x1.5555555555577p-2 + r * -0x1.ffffffffffdcbp-3 + r2 * 0x1.999999995dd0cp-3 +
                     r3 * (-0x1.55555556745a7p-3 + r * 0x1.24924a344de3p-3 + r2 * -0x1.fffffa4423d65p-4 +
                           r3 * (0x1.c7184282ad6cap-4 + r * -0x1.999eb43b068ffp-4 + r2 * 0x1.78182f7afd085p-4 +
                                 r3 * -0x1.5521375d145cdp-4)));
    double w = r * 0x1p27;
    double high = r + w - w, low = r - high;
    w = high * high * -0.5;
    double hi = r + w, lo = r - hi + w;
    lo += -0.5 * low * (high + r);
    return y + lo + hi;
  }
  if (!(x < __builtin_inf())) return x;
  // x = 2^k z, and log x = log1p(z/c - 1) + log c + k log 2.
  uint64_t above = bits - 0x3FE6000000000000;
  int i = (above >> 45) & 127;
  double k = (double)((int64_t)above >> 52), z = doubleOf(bits - (above & (0xFFFULL << 52)));
  double r = (z - doubleOf(centres[2 * i]) - doubleOf(centres[2 * i + 1])) * doubleOf(inverses[2 * i]);
  double w = k * 0x1.62e42fefa3800p-1 + doubleOf(inverses[2 * i + 1]);
  double hi = w + r, lo = w - hi + r + k * 0x1.ef35793c76730p-45;
  double r2 = r * r;
  return lo + r2 * -0x1.0000000000001p-1 +
         r * r2 * (0x1.555555551305bp-2 + r * -0x1.fffffffeb459p-3 + r2 * (0x1.999b324f10111p-3 + r * -0x1.55575e506c89fp-3)) +
         hi;
}

// e^x of x <= 0 or NaN.
static double exponential(double x) {
  uint32_t size = (bitsOf(x) >> 52) & 0x7FF; // the exponent
  if (size < 0x3C9) return 1;
  if (size >= 0x409) return x < 0 ? 0 : 1.0 + x;
  // x = log(2)/128 k + r, e^x = 2^(k/128) e^r.
  double shifted = 0x1.71547652b82fep0 * 128 * x + 0x1.8p52;
  uint64_t k = bitsOf(shifted);
  double kd = shifted - 0x1.8p52;
  double r = x + kd * -0x1.62e42fefa0000p-8 + kd * -0x1.cf79abc9e3b3ap-47;
  int i = 2 * (k & 127);
  uint64_t bits = exponentials[i + 1] + (k << 45);
  double r2 = r * r;
  double rest = doubleOf(exponentials[i]) + r + r2 * (0x1.ffffffffffdbdp-2 + r * 0x1.555555555543cp-3) +
                r2 * r2 * (0x1.55555cf172b91p-5 + r * 0x1.1111167a4d017p-7);
  if (size < 0x408) {
    double scale = doubleOf(bits);
    return scale + scale * rest;
  }
  // Below -512: the result may be denormal, and must be rounded once.
  bits += 1022ULL << 52;
  double scale = doubleOf(bits), y = scale + scale * rest;
  if (y < 1.0) {
    double lo = scale - y + scale * rest, hi = 1.0 + y;
    lo = 1.0 - hi + y + lo;
    y = (hi + lo) - 1.0;
  }
  return y * 0x1p-1022;
}

// Four doubles at once, by the same operations.
typedef uint64_t four64 __attribute__((vector_size(32), aligned(8), may_alias));
typedef REAL fourReals __attribute__((vector_size(4 * sizeof(REAL)), aligned(sizeof(REAL)), may_alias));
typedef __typeof__((four){0} < (four){0}) fourMask;

inlined four loadFour(const REAL *from) { return __builtin_convertvector(*(const fourReals *)from, four); }
inlined void storeFour(REAL *to, four v) { *(fourReals *)to = __builtin_convertvector(v, fourReals); }
inlined four chooseFour(fourMask mask, four a, four b) { return (four)((mask & (fourMask)a) | (~mask & (fourMask)b)); }
inlined four splatFour(double x) { return x - (four){0}; }

// Whether all are above -512: the others, and NaN, are for `exponential`.
inlined int areModerate(four x) {
  fourMask are = x > -512.0;
  return (are[0] & are[1] & are[2] & are[3]) != 0;
}

// e^x of moderate x <= 0. Those so near 0 that it is 1 are no exception: 1 + x is 1.
inlined four exponentialFour(four x) {
  four shifted = 0x1.71547652b82fep0 * 128 * x + 0x1.8p52;
  four64 k = (four64)shifted, high, low;
  four kd = shifted - 0x1.8p52;
  four r = x + kd * -0x1.62e42fefa0000p-8 + kd * -0x1.cf79abc9e3b3ap-47;
  UNROLL
  for (int l = 0; l < 4; l++) {
    int i = 2 * (k[l] & 127);
    low[l] = exponentials[i];
    high[l] = exponentials[i + 1];
  }
  four r2 = r * r;
  four rest = (four)low + r + r2 * (0x1.ffffffffffdbdp-2 + r * 0x1.555555555543cp-3) +
              r2 * r2 * (0x1.55555cf172b91p-5 + r * 0x1.1111167a4d017p-7);
  four scale = (four)(high + (k << 45));
  return scale + scale * rest;
}

// e^x of x <= 0 in every lane. In f32, e^x = 2^m e^r with m the integer nearest to x / log 2 and e^r = 1 + r + r^2 q(r).
inlined vector exponentialLanes(vector x) {
  if (sizeof(REAL) == 8) {
    vector e;
    for (int l = 0; l < LANES; l++) e[l] = exponential(x[l]);
    return e;
  }
  // The nearest integer, ties to even, as the addition rounds it; what is beyond its reach is 0 in the end.
  vector shifted = x * (REAL)1.4426950408889634f + (REAL)0x1.8p23f;
  vector m = shifted - (REAL)0x1.8p23f;
  vector r = x - m * (REAL)0.693359375f;
  r = r - m * (REAL)-2.12194440054690583e-4f;
  vector q = splat(0.001381461275741458f);
  q = multiplyAdd(q, r, splat(0.008368710055947304f));
  q = multiplyAdd(q, r, splat(0.04166838899254799f));
  q = multiplyAdd(q, r, splat(0.1666652113199234f));
  q = multiplyAdd(q, r, splat(0.4999999403953552f));
  vector e = multiplyAdd(q * r, r, r) + (REAL)1;
  // 0x1.8p23 + m has m in its last bits.
  vector power = (vector)(((mask)shifted + 127) << 23);
  return choose(x < (REAL)-87.3f, (vector){0}, e * power);
}
