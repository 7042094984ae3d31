import { Worker } from "node:worker_threads";
import { Fault } from "../fault/fault.ts";
import type { NamedArrays, NamedValue } from "./number-array.ts";
import { takeAgain } from "./unreadable.ts";

/** What the thread is asked, once. */
export interface Hdf5Question {
  readonly bytes: Uint8Array;
  readonly place: string;
}

/** What it answers. */
export type Hdf5Answer =
  | { readonly arrays: readonly (readonly [name: string, value: NamedValue])[] }
  | { readonly refusal: { readonly complaint: string; readonly remedy: string } };

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** Megabytes of JavaScript's memory in the thread; the arrays are beside it, and bounded. */
const memory = 512;

const ending = import.meta.url.endsWith(".ts") ? "ts" : "js"; // compiled, the file beside this one has another
const thread = new URL(`./hdf5-thread.node.${ending}`, import.meta.url);

/** Whether a file is HDF5: its signature lies at byte 0 or, behind what another program keeps there, at 512, 1024, 2048. */
export function isHdf5(bytes: Uint8Array): boolean {
  return [0, 512, 1024, 2048].some((at) => signature.every((byte, index) => bytes[at + index] === byte));
}

/**
 * The arrays of an HDF5 file by their paths, groups before a dot; a MAT-file of version 7.3 is one. Read by the HDF Group's own library
 * as WebAssembly (h5wasm), in a thread that a damaged file ends alone.
 * @throws Fault `data` for what is damaged, or keeps the thread longer than `patience` milliseconds, and where h5wasm is not installed
 */
export async function readHdf5(
  bytes: Uint8Array,
  place: string,
  file = thread,
  patience = 60_000,
): Promise<NamedArrays> {
  const worker = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: memory }, stderr: true, stdout: true });
  let clock: NodeJS.Timeout | undefined;
  try {
    return await new Promise<NamedArrays>((resolve, reject) => {
      const refuse = (complaint: string, remedy: string = takeAgain) => {
        reject(new Fault("data", place, complaint, remedy));
      };
      clock = setTimeout(() => refuse(`took the reader more than ${patience / 1000} seconds`), patience);
      worker.on("message", (answer: Hdf5Answer) => {
        if ("arrays" in answer) resolve(new Map(answer.arrays));
        else refuse(answer.refusal.complaint, answer.refusal.remedy);
      });
      worker.on("error", (error) => refuse(`ended the reader (${(error as Error).message})`));
      worker.on("exit", () => refuse("ended the reader"));
      worker.postMessage({ bytes, place } satisfies Hdf5Question);
    });
  } finally {
    clearTimeout(clock);
    await worker.terminate();
  }
}
