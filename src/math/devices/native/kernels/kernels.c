// The kernels of `wasm` at this machine's own rate: the same operations on every element, in the same order, so the same
// bits. REAL, float or double, is chosen by the compiler's arguments (build.node.ts), the vectors by what it compiles for.
//
// `memory` is the address of the WebAssembly memory; all other addresses are offsets in it, as in wasm/kernels/, whose
// files these mirror. Each call does part `part` of `parts`.

#include <stdint.h>
#include "vector.h"
#include "tables.h"
#include "exponential.h"
#include "product.h"
#include "panels.h"
#include "gather.h"
#include "layers.h"
#include "elementwise.h"
#include "batch-norm.h"
#include "softmax.h"
#include "class-loss.h"
#include "activation.h"
#include "dropout.h"

// What it was compiled for, and by what.
exported const char *madeFor(void) {
#ifdef __clang__
  return INSTRUCTIONS ", " __VERSION__;
#else
  return INSTRUCTIONS ", GCC " __VERSION__;
#endif
}
