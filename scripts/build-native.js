// Compiles src/math/devices/native/kernels/ for this machine, in both precisions, into the cache folder. Where that cannot
// be, Gradus computes with its WebAssembly kernels, and `gradus devices` says why.
import { Fault } from "../src/fault/fault.ts";
import { nativeLibrary } from "../src/math/devices/native/library.node.ts";

for (const dtype of /** @type {const} */ (["f32", "f64"])) {
  try {
    await nativeLibrary(dtype);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}
