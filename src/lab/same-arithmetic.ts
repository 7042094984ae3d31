import { Fault } from "../fault/fault.ts";
import { arithmeticOf } from "../record/arithmetic.ts";
import type { DeviceDescription } from "../record/event.ts";

/** Devices that compute the same bits where their multiply-adds are alike. */
const exact: ReadonlySet<string> = new Set(["native", "wasm"]);

/**
 * The device that a run goes on with, as a spec names it: the one it began on. Of devices with the same bits that is the
 * best one here, unless `wasm` was asked for by name.
 */
export function deviceToGoOnWith(asked: string, was: DeviceDescription | undefined): string {
  if (was === undefined) return asked;
  return was.name === "native" || (was.name === "wasm" && asked === "auto") ? "auto" : was.name;
}

/** @throws Fault `spec` where a run would not go on with the arithmetic that it began with */
export function requireSameArithmetic(was: DeviceDescription, is: DeviceDescription): void {
  const differences = [
    ...(was.name === is.name || (exact.has(was.name) && exact.has(is.name))
      ? []
      : [`device ${was.name}, now ${is.name}`]),
    ...(was.dtype === is.dtype ? [] : [`dtype ${was.dtype}, now ${is.dtype}`]),
    ...(arithmeticOf(was) === arithmeticOf(is)
      ? []
      : [`${arithmeticOf(was)} multiply-adds, now ${arithmeticOf(is)} ones (${was.details}; ${is.details})`]),
  ];
  if (differences.length === 0) return;
  const remedy = "resume it where it began, or begin a new run from its checkpoint with --fork";
  throw new Fault("spec", "device", `it would not go on as it began: ${differences.join("; ")}`, remedy);
}
