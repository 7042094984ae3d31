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
  return isSameKind(before, now) && before.dtype === now.dtype && hasSameArithmetic(before, now);
}

function isSameKind(before: DeviceDescription, now: DeviceDescription): boolean {
  return before.name === now.name || (exact.has(before.name) && exact.has(now.name));
}

/** A GPU, whose arithmetic nothing specifies, has its own: it must be the same one. */
function hasSameArithmetic(before: DeviceDescription, now: DeviceDescription): boolean {
  if (arithmeticOf(before) !== arithmeticOf(now)) return false;
  return arithmeticOf(before) !== "unspecified" || before.details === now.details;
}

/** What two devices' multiply-adds are, where they are not alike. */
function arithmeticDifference(before: DeviceDescription, now: DeviceDescription): string {
  const [was, is] = [arithmeticOf(before), arithmeticOf(now)];
  return was === "unspecified" && is === "unspecified"
    ? `GPU ${before.details}, now ${now.details}`
    : `${was} multiply-adds, now ${is} ones (${before.details}; ${now.details})`;
}

/** @throws Fault `spec` where a run would not go on with the arithmetic that it began with */
export function requireSameArithmetic(before: DeviceDescription, now: DeviceDescription): void {
  const differences = [
    ...(isSameKind(before, now) ? [] : [`device ${before.name}, now ${now.name}`]),
    ...(before.dtype === now.dtype ? [] : [`dtype ${before.dtype}, now ${now.dtype}`]),
    ...(hasSameArithmetic(before, now) ? [] : [arithmeticDifference(before, now)]),
  ];
  if (differences.length === 0) return;
  const remedy = "resume it where it began, or begin a new run from its checkpoint with --fork";
  throw new Fault("spec", "device", `it would not go on as it began: ${differences.join("; ")}`, remedy);
}
