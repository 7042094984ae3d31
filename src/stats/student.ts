import { incompleteBeta } from "./incomplete-beta.ts";
import { normalProbability } from "./normal.ts";

/** P(T <= t) of Student's t; the normal distribution's for infinite degrees of freedom. */
export function studentProbability(t: number, degrees: number): number {
  if (degrees === Number.POSITIVE_INFINITY) return normalProbability(t);
  if (!Number.isFinite(t)) return t > 0 ? 1 : 0;
  const tail = incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** t with P(T > t) = `tail`, 0 < tail <= .5, to 1e-12 of itself: bisection, for it is asked once a table. */
export function studentUpper(tail: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (studentProbability(-high, degrees) > tail) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2;
    if (studentProbability(-middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
