import { noncentralProbability } from "./noncentral-student.ts";
import { studentUpper } from "./student.ts";

/** The chance that a paired t test at 5 %, two-sided, of `n` seeds finds a difference (Cohen 1988, section 2.2). */
export function pairedPower(n: number, difference: number, deviation: number): number {
  if (deviation === 0) return difference === 0 ? 0.05 : 1;
  const degrees = n - 1;
  const critical = studentUpper(0.025, degrees);
  const noncentrality = (Math.abs(difference) / deviation) * Math.sqrt(n);
  return (
    1 -
    noncentralProbability(critical, degrees, noncentrality) +
    noncentralProbability(-critical, degrees, noncentrality)
  );
}

/**
 * Seeds of each of two settings that would tell them apart with the chance `power`, were they as different as they look;
 * `deviation` is that of the difference from seed to seed. Undefined when more than `limit` would be needed.
 */
export function seedsNeeded(
  difference: number,
  deviation: number,
  { power = 0.8, limit = 10_000 } = {},
): number | undefined {
  if (difference === 0 || pairedPower(limit, difference, deviation) < power) return undefined;
  let [few, enough] = [1, limit];
  while (enough - few > 1) {
    const n = Math.floor((few + enough) / 2);
    if (pairedPower(n, difference, deviation) < power) few = n;
    else enough = n;
  }
  return enough;
}
