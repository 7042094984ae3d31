import { readFileSync } from "node:fs";
import { Fault } from "../../../fault/fault.ts";
import { type Koffi, loadKoffi } from "../koffi.node.ts";
import type { BlasOrder } from "./blas-kernels.node.ts";

/** A BLAS that was found and asked for one thread a caller. */
export interface FoundBlas {
  readonly order: BlasOrder;
  /** e.g. `OpenBLAS 0.3.21 ... SkylakeX`, or the file's name. */
  readonly description: string;
}

/** Where a BLAS is looked for, by platform, in this order; $GRADUS_BLAS comes before them. */
const usualNames: Readonly<Record<string, readonly string[]>> = {
  linux: ["libopenblas.so.0", "libopenblas.so", "libmkl_rt.so.2", "libmkl_rt.so", "libblis.so.4", "libblis.so"],
  darwin: [
    "/System/Library/Frameworks/Accelerate.framework/Accelerate",
    "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
    "/usr/local/opt/openblas/lib/libopenblas.dylib",
  ],
  win32: ["libopenblas.dll", "mkl_rt.2.dll"],
};

const howToInstall: Readonly<Record<string, string>> = {
  linux: "install one, e.g. Debian's libopenblas0-pthread, or name a library in GRADUS_BLAS",
  darwin: "name a library in GRADUS_BLAS",
  win32: "put libopenblas.dll on the PATH, or name a library in GRADUS_BLAS",
};

/** Names of the products, with 32-bit integers, and as builds with 64-bit integers suffix them. */
const namings = [
  { sgemm: "cblas_sgemm", dgemm: "cblas_dgemm", integer: "int" },
  { sgemm: "cblas_sgemm64_", dgemm: "cblas_dgemm64_", integer: "int64_t" },
  { sgemm: "scipy_cblas_sgemm64_", dgemm: "scipy_cblas_dgemm64_", integer: "int64_t" },
] as const;

/** Libraries in use: one that nobody holds is unloaded by the garbage collector, and forgets its number of threads. */
const libraries: unknown[] = [];

/** The first BLAS that loads. @throws Fault `device` when there is none, with how to install one. */
export function findBlas(): FoundBlas {
  const remedy = howToInstall[process.platform] ?? howToInstall.linux;
  const { koffi, path } = loadKoffi("blas", remedy);
  chooseCore();
  const chosenName = process.env.GRADUS_BLAS;
  const names = chosenName === undefined || chosenName === "" ? (usualNames[process.platform] ?? []) : [chosenName];
  const refusals: string[] = [];
  for (const library of names) {
    try {
      const loaded = koffi.load(library);
      const naming = namings.find(({ sgemm }) => hasFunction(loaded, sgemm));
      if (naming === undefined) throw new Error("has no cblas_sgemm");
      useOneThread(loaded);
      libraries.push(loaded);
      return { order: { koffi: path, library, ...naming }, description: describe(loaded, library) };
    } catch (error) {
      refusals.push(`${library}: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
    }
  }
  const tried = chosenName === undefined ? `no BLAS found (tried ${names.join(", ")})` : `GRADUS_BLAS: ${refusals[0]}`;
  throw new Fault("device", "device", `blas: ${tried}`, remedy);
}

// An OpenBLAS older than the processor takes its slowest kernels (measured: 29 in place of 75 GFLOP/s). What the
// processor can do is told to it, unless the user has; it reads this when it is loaded.
function chooseCore(): void {
  if (process.platform !== "linux" || process.arch !== "x64" || process.env.OPENBLAS_CORETYPE !== undefined) return;
  try {
    const flags = new Set(/^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1].split(" "));
    const isIntel = /GenuineIntel/.test(readFileSync("/proc/cpuinfo", "utf8"));
    if (isIntel && flags.has("avx512f") && flags.has("avx512vl")) process.env.OPENBLAS_CORETYPE = "SkylakeX";
    else if (isIntel && flags.has("avx2") && flags.has("fma")) process.env.OPENBLAS_CORETYPE = "Haswell";
  } catch {
    // No /proc: the library decides for itself.
  }
}

// Each thread of ours calls for its own rows; a second pool of threads inside the library would fight with them.
function useOneThread(library: ReturnType<Koffi["load"]>): void {
  const setters = ["openblas_set_num_threads", "openblas_set_num_threads64_", "scipy_openblas_set_num_threads64_"];
  for (const name of [...setters, "MKL_Set_Num_Threads", "bli_thread_set_num_threads"]) {
    if (hasFunction(library, name)) library.func(`void ${name}(int)`)(1);
  }
  if (process.platform === "darwin") process.env.VECLIB_MAXIMUM_THREADS ??= "1";
}

function describe(library: ReturnType<Koffi["load"]>, file: string): string {
  for (const name of ["openblas_get_config", "openblas_get_config64_", "scipy_openblas_get_config64_"]) {
    if (hasFunction(library, name)) {
      // "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY SkylakeX MAX_THREADS=64"
      const words = String(library.func(`const char *${name}()`)()).split(" ");
      return [
        ...words.slice(0, 2),
        ...words.filter((word) => /^[A-Z][a-z]+\w*$/.test(word) && word !== "OpenBLAS"),
      ].join(" ");
    }
  }
  return file.split(/[\\/]/).at(-1) ?? file;
}

function hasFunction(library: ReturnType<Koffi["load"]>, name: string): boolean {
  try {
    library.func(`void ${name}()`);
    return true;
  } catch {
    return false;
  }
}
