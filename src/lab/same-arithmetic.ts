import { Fault } from "../fault/fault.ts";
import { arithmeticOf } from "../record/arithmetic.ts";
import type { DeviceDescription } from "../record/event.ts";

/** Devices that compute the same bits where their multiply-adds are alike. */
const exact: ReadonlySet<string> = new Set(["native", "wasm"]);

/**
 * The device that a run goes on with, as a spec names it: the one it began on. Of devices with the same bits that is the
 * best one here, unless `wasm` was asked for by name.
 */
export function deviceToGoOnWith(requested: string, before: DeviceDescription | undefined): string {
  if (before === undefined) return requested;
  return before.name === "native" || (before.name === "wasm" && requested === "auto") ? "auto" : before.name;
}

/** Whether two devices compute the same bits of the same spec. */
export function isExactOn(before: DeviceDescription, now: DeviceDescription): boolean {
  const isSameKind = before.name === now.name || (exact.has(before.name) && exact.has(now.name));
  return isSameKind && before.dtype === now.dtype && arithmeticOf(before) === arithmeticOf(now);
}

/** @throws Fault `spec` where a run would not go on with the arithmetic that it began with */
export function requireSameArithmetic(before: DeviceDescription, now: DeviceDescription): void {
  const differences = [
    ...(before.name === now.name || (exact.has(before.name) && exact.has(now.name))
      ? []
      : [`device ${before.name}, now ${now.name}`]),
    ...(before.dtype === now.dtype ? [] : [`dtype ${before.dtype}, now ${now.dtype}`]),
    ...(arithmeticOf(before) === arithmeticOf(now)
      ? []
      : [`${arithmeticOf(before)} multiply-adds, now ${arithmeticOf(now)} ones (${before.details}; ${now.details})`]),
  ];
  if (differences.length === 0) return;
  const remedy = "resume it where it began, or begin a new run from its checkpoint with --fork";
  throw new Fault("spec", "device", `it would not go on as it began: ${differences.join("; ")}`, remedy);
}
