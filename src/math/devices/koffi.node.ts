import { createRequire } from "node:module";
import { Fault } from "../../fault/fault.ts";

/** Loads what lies beside Gradus. */
export const requireHere = createRequire(import.meta.url);

/** The package that calls C. */
export interface Koffi {
  load(file: string): { func(declaration: string): (...args: unknown[]) => unknown };
}

/** @throws Fault `device` where it is not installed for this platform; `remedy` says what `device` needs beside it */
export function loadKoffi(device: string, remedy: string): { koffi: Koffi; path: string } {
  try {
    const path = requireHere.resolve("koffi");
    return { koffi: requireHere(path) as Koffi, path };
  } catch (cause) {
    const reason = `${device}: the optional package koffi, which calls it, is not installed for this platform`;
    throw new Fault("device", "device", reason, `npm install koffi; then ${remedy}`, { cause });
  }
}
