// Vectors of REAL, which is float or double: as wide as this instruction set has them, and the 128 bits in which the
// WebAssembly kernels sum. What a function does to one element does not depend on the width.

#ifdef _WIN32
#define exported __declspec(dllexport)
#else
#define exported __attribute__((visibility("default")))
#endif
#define inlined static inline __attribute__((always_inline))

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define INSTRUCTIONS "AVX-512"
#define WIDTH 64 // bytes of a vector
#define WIDEST 4 // vectors of a tile at most, and rows: as many sums as registers leave room for
#define TALLEST 6
#define TILES 1 // that pass over one strip of B before the next strip's turn
#include <immintrin.h>
#elif defined(__AVX2__) && defined(__FMA__)
#define INSTRUCTIONS "AVX2"
#define WIDTH 32
#define WIDEST 2
#define TALLEST 6
#define TILES 9
#include <immintrin.h>
#elif defined(__aarch64__)
#define INSTRUCTIONS "NEON"
#define WIDTH 16
#define WIDEST 4
#define TALLEST 6
#define TILES 1
#include <arm_neon.h>
#else
#error "no fused multiply-add in vectors: WebAssembly does as well"
#endif

// All turns of the next loop, one after another.
#ifdef __clang__
#define UNROLL _Pragma("unroll")
#define IN_PAIRS _Pragma("unroll 2")
#define ROLLED _Pragma("nounroll")
#else
#define UNROLL _Pragma("GCC unroll 16")
#define IN_PAIRS _Pragma("GCC unroll 2")
#define ROLLED _Pragma("GCC unroll 1")
#endif

// Keeps v in a register: compilers like to read it from memory once for each use.
#ifdef __aarch64__
#define KEEP(v) __asm__("" : "+w"(v))
#else
#define KEEP(v) __asm__("" : "+v"(v))
#endif

#define LANES ((int)(WIDTH / sizeof(REAL)))
#define QUAD ((int)(16 / sizeof(REAL)))

typedef REAL vector __attribute__((vector_size(WIDTH), aligned(sizeof(REAL)), may_alias));
typedef REAL quad __attribute__((vector_size(16), aligned(sizeof(REAL)), may_alias));
typedef __typeof__((vector){0} < (vector){0}) mask;
typedef double four __attribute__((vector_size(32), aligned(8), may_alias));
typedef uint8_t bytes16 __attribute__((vector_size(16), aligned(1), may_alias));

// Half a vector, for what is left of a row: worth it where the processor takes a whole one in two halves.
#define HALVES (WIDTH == 64)
typedef REAL half __attribute__((vector_size(WIDTH / 2), aligned(sizeof(REAL)), may_alias));

inlined half loadHalf(const REAL *from) { return *(const half *)from; }
inlined void storeHalf(REAL *to, half v) { *(half *)to = v; }

inlined vector load(const REAL *from) { return *(const vector *)from; }
inlined void store(REAL *to, vector v) { *(vector *)to = v; }
inlined quad loadQuad(const REAL *from) { return *(const quad *)from; }
inlined void storeQuad(REAL *to, quad v) { *(quad *)to = v; }
inlined vector splat(REAL x) { return x - (vector){0}; }
inlined quad splatQuad(REAL x) { return x - (quad){0}; }

// a b + c, rounded once. Asked for by name: nothing else is contracted.
inlined vector multiplyAdd(vector a, vector b, vector c) {
#if WIDTH == 64
  if (sizeof(REAL) == 4) return (vector)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
  return (vector)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif WIDTH == 32
  if (sizeof(REAL) == 4) return (vector)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
  return (vector)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#else
  if (sizeof(REAL) == 4) return (vector)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
  return (vector)vfmaq_f64((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
#endif
}

inlined half multiplyAddHalf(half a, half b, half c) {
#if WIDTH == 64
  if (sizeof(REAL) == 4) return (half)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
  return (half)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#else
  return a * b + c; // never called
#endif
}

inlined half lower(vector v) {
#if WIDTH == 64
  if (sizeof(REAL) == 4) return (half)_mm512_castps512_ps256((__m512)v);
  return (half)_mm512_castpd512_pd256((__m512d)v);
#else
  return *(half *)&v;
#endif
}

inlined quad multiplyAddQuad(quad a, quad b, quad c) {
#if WIDTH == 16
  return (quad)multiplyAdd((vector)a, (vector)b, (vector)c);
#else
  if (sizeof(REAL) == 4) return (quad)_mm_fmadd_ps((__m128)a, (__m128)b, (__m128)c);
  return (quad)_mm_fmadd_pd((__m128d)a, (__m128d)b, (__m128d)c);
#endif
}

inlined REAL multiplyAddOne(REAL a, REAL b, REAL c) {
  return sizeof(REAL) == 4 ? (REAL)__builtin_fmaf(a, b, c) : (REAL)__builtin_fma(a, b, c);
}

inlined vector rootOf(vector x) {
#if WIDTH == 64
  if (sizeof(REAL) == 4) return (vector)_mm512_sqrt_ps((__m512)x);
  return (vector)_mm512_sqrt_pd((__m512d)x);
#elif WIDTH == 32
  if (sizeof(REAL) == 4) return (vector)_mm256_sqrt_ps((__m256)x);
  return (vector)_mm256_sqrt_pd((__m256d)x);
#else
  if (sizeof(REAL) == 4) return (vector)vsqrtq_f32((float32x4_t)x);
  return (vector)vsqrtq_f64((float64x2_t)x);
#endif
}

inlined REAL rootOfOne(REAL x) {
  return sizeof(REAL) == 4 ? (REAL)__builtin_sqrtf(x) : (REAL)__builtin_sqrt(x);
}

// Sum of the lanes, first to last.
inlined REAL laneSum(quad v) {
  REAL sum = v[0] + v[1];
  if (QUAD == 4) sum = sum + v[QUAD - 2] + v[QUAD - 1];
  return sum;
}

// The lanes of a where m is set, else of b.
inlined vector choose(mask m, vector a, vector b) { return (vector)((m & (mask)a) | (~m & (mask)b)); }

// target <- alpha gradient + beta base; `base` is not read where beta is 0.
inlined REAL blend(REAL gradient, REAL alpha, REAL beta, const REAL *base) {
  if (beta == 0) return alpha * gradient;
  return alpha * gradient + beta * *base;
}

inlined int least(int a, int b) { return a < b ? a : b; }

// First of part `part`'s of `count` things.
inlined int64_t firstOf(int64_t count, int part, int parts) { return count * part / parts; }
