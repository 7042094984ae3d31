import { logGamma } from "./incomplete-beta.ts";
import { normalDensity, normalProbability } from "./normal.ts";

/**
 * P(T <= t) of the noncentral t distribution: the mean of Phi(t s - noncentrality) over s = sqrt(chi^2 / degrees)
 * (Johnson, Kotz and Balakrishnan 1995, section 31.2), by Simpson's rule where s has its mass.
 */
export function noncentralProbability(t: number, degrees: number, noncentrality: number): number {
  const logScale = (degrees / 2) * Math.log(degrees / 2) - logGamma(degrees / 2) + Math.LN2;
  const density = (s: number) =>
    s === 0
      ? degrees === 1
        ? 2 * normalDensity(0)
        : 0
      : Math.exp(logScale + (degrees - 1) * Math.log(s) - (degrees * s * s) / 2);
  const spread = 10 / Math.sqrt(2 * degrees);
  const [from, to] = [Math.max(0, 1 - spread), 1 + spread];
  const intervals = 2000;
  let sum = 0;
  for (let i = 0; i <= intervals; i++) {
    const s = from + ((to - from) * i) / intervals;
    const weight = i === 0 || i === intervals ? 1 : i % 2 === 0 ? 2 : 4;
    sum += weight * density(s) * normalProbability(t * s - noncentrality);
  }
  return (sum * (to - from)) / (3 * intervals);
}
