import { Fault } from "../fault/fault.ts";
import { arithmeticOf } from "../record/arithmetic.ts";
import type { DeviceDescription } from "../record/event.ts";

/** @throws Fault `spec` where a run would not go on with the arithmetic that it began with */
export function requireSameArithmetic(was: DeviceDescription, is: DeviceDescription): void {
  const differences = [
    ...(was.name === is.name ? [] : [`device ${was.name}, now ${is.name}`]),
    ...(was.dtype === is.dtype ? [] : [`dtype ${was.dtype}, now ${is.dtype}`]),
    ...(arithmeticOf(was) === arithmeticOf(is)
      ? []
      : [`${arithmeticOf(was)} multiply-adds, now ${arithmeticOf(is)} ones (${was.details}; ${is.details})`]),
  ];
  if (differences.length === 0) return;
  const remedy = "resume it where it began, or begin a new run from its checkpoint with --fork";
  throw new Fault("spec", "device", `it would not go on as it began: ${differences.join("; ")}`, remedy);
}
