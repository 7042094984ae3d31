import { parentPort } from "node:worker_threads";
import { Fault } from "../fault/fault.ts";
import type { Hdf5Answer, Hdf5Question } from "./hdf5.node.ts";
import { arraysOf } from "./hdf5-arrays.node.ts";
import { isTexts, type NamedValue } from "./number-array.ts";

// A thread that reads one HDF5 file: what goes wrong in the library, memory included, ends it and nothing else.

const version = "0.10.3";

parentPort?.once("message", async ({ bytes, place }: Hdf5Question) => {
  const library = await import("h5wasm").catch(() => undefined);
  if (library === undefined) {
    const complaint = "this is HDF5, which the package h5wasm reads, and it is not installed";
    return say({ refusal: { complaint, remedy: `npm install h5wasm@${version}` } });
  }
  try {
    const arrays = await arraysOf(library.default, bytes, place);
    const moved = arrays.flatMap(([, value]) => bufferOf(value));
    say({ arrays }, moved);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    say({ refusal: { complaint: error.complaint, remedy: error.remedy } });
  }
});

function bufferOf(value: NamedValue): ArrayBuffer[] {
  return typeof value === "string" || isTexts(value) ? [] : [value.bytes.buffer as ArrayBuffer];
}

function say(answer: Hdf5Answer, moved: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(answer, [...moved]);
}
