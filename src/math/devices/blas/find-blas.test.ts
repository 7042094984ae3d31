import { setTimeout as wait } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { requireHere } from "../koffi.node.ts";
import { type FoundBlas, findBlas } from "./find-blas.node.ts";

interface Koffi {
  load(file: string): { func(declaration: string): () => number };
}

function installedBlas(): FoundBlas | undefined {
  try {
    return findBlas();
  } catch {
    return undefined; // a machine without a BLAS
  }
}

test.runIf(installedBlas()?.description.startsWith("OpenBLAS"))(
  "an OpenBLAS that was found keeps to one thread, also after the garbage collector has run",
  async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const { koffi, library: file, sgemm, integer } = findBlas().order;
    for (let i = 0; i < 5; i++) {
      collect();
      await wait(10);
    }
    const library = (requireHere(koffi) as Koffi).load(file);
    const suffix = integer === "int" ? "" : "64_";
    const prefix = sgemm.startsWith("scipy_") ? "scipy_" : "";
    expect(library.func(`int ${prefix}openblas_get_num_threads${suffix}()`)()).toBe(1);
  },
);
