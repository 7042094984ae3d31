import type { Extension } from "../wasm/team.ts";

/** What a thread needs to reach the compiled kernels. */
export interface NativeOrder {
  /** Files of the foreign-function package and of the library. */
  readonly koffi: string;
  readonly library: string;
  /** The library's functions, as C declares them, by the names of the kernels they replace. */
  readonly declarations: Readonly<Record<string, string>>;
}

/** The kernels of a compiled library in place of those of WebAssembly, over the same memory. */
export const extendWithNative: Extension["extend"] = (data, memory, wasm, require) => {
  const { koffi, library, declarations } = data as NativeOrder;
  interface ForeignFunctions {
    load(file: string): { func(declaration: string): (...args: unknown[]) => number };
    address(view: Uint8Array): bigint;
  }
  const foreign = require(koffi) as ForeignFunctions;
  const loaded = foreign.load(library);
  // The memory grows but never moves: the engine reserves its whole address range at once. A double holds its address.
  const origin = Number(foreign.address(new Uint8Array(memory.buffer)));
  const native = Object.entries(declarations).map(([kernel, declaration]) => {
    const call = loaded.func(declaration);
    const isAboutMemory = declaration.includes("double memory");
    return [kernel, isAboutMemory ? (...args: number[]) => call(origin, ...args) : call];
  });
  return { ...wasm, ...Object.fromEntries(native) };
};
