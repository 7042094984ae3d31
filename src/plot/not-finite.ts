import type { Line } from "./line.ts";
import { numberText } from "./number-text.ts";

/** Where curves leave the finite, in words. */
export interface NotFinite {
  readonly step: number;
  readonly text: string;
}

/** One mark for each place where a curve first has no finite value; curves that leave together share it. */
export function notFiniteMarks(lines: readonly Line[]): readonly NotFinite[] {
  const first = lines.flatMap((line) => {
    const index = line.points.findIndex(({ value }) => !Number.isFinite(value));
    if (index < 0) return [];
    const forGood = line.points.slice(index).every(({ value }) => !Number.isFinite(value));
    const { step } = line.points[index];
    return [{ name: line.name, step, when: `${forGood ? "from" : "at"} step ${numberText(step, "count")}` }];
  });
  const whens = [...new Set(first.map(({ when }) => when))];
  return whens.map((when) => {
    const curves = first.filter((curve) => curve.when === when);
    const whose = curves.length === lines.length ? "" : `${curves.map(({ name }) => name).join(", ")} `;
    return { step: curves[0].step, text: `${whose}not finite ${when}` };
  });
}
