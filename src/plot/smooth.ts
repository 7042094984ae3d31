import type { Line } from "./line.ts";

/**
 * A curve's running mean: each point keeps `keep` of the mean before it, which counts as 0 and is corrected for that, as Adam
 * corrects its moments. What is not finite is left out, and is a gap still.
 */
export function smoothed(points: Line["points"], keep: number): Line["points"] {
  let [sum, weight] = [0, 0];
  return points.map(({ step, value }) => {
    if (!Number.isFinite(value)) return { step, value };
    sum = keep * sum + (1 - keep) * value;
    weight = keep * weight + (1 - keep);
    return { step, value: sum / weight };
  });
}

/** What a figure says of curves that are smoothed. */
export function smoothingNote(keep: number): string {
  return `thick: smoothed, keeping ${keep}; thin: as measured`;
}
