import type { Device, Statistics, Tensor } from "../math/device.ts";
import type { Activations } from "./activations.ts";
import { type Architecture, isNormalised } from "./architecture.ts";
import { moveAverages } from "./batch-norm.ts";

/** Moving averages of each hidden layer's statistics; undefined for a layer that is not normalised. */
export type Averages = readonly (Statistics | undefined)[];

/** Averages of 0 and, as long as nothing was averaged, variances of 0. */
export function createAverages(device: Device, architecture: Architecture): Averages {
  const { members, widths } = architecture;
  return widths.slice(1, -1).map((width, index) => {
    if (!isNormalised(architecture, index)) return undefined;
    return { mean: device.tensor([members, width, 1]), variance: device.tensor([members, width, 1]) };
  });
}

/** Takes the statistics that the last forward pass found into the averages; `keep` as `moveAverages`. */
export function averageStatistics(
  device: Device,
  averages: Averages, // written
  { hidden }: Activations,
  keep: Float64Array, // [members]
): void {
  hidden.forEach(({ norm }, index) => {
    const average = averages[index];
    if (norm !== undefined && average !== undefined) moveAverages(device, average, norm.statistics, keep);
  });
}

/** Each average under its name: mean1, variance1, mean2, ... */
export function namedAverages(averages: Averages): Readonly<Record<string, Tensor>> {
  const named = averages.map((average, index) =>
    average === undefined ? {} : { [`mean${index + 1}`]: average.mean, [`variance${index + 1}`]: average.variance },
  );
  return Object.assign({}, ...named);
}

/** Name and shape of one member's averages, in the order of `namedAverages`. */
export function averageShapes(architecture: Architecture): [name: string, shape: number[]][] {
  return architecture.widths.slice(1, -1).flatMap((width, index): [string, number[]][] => {
    if (!isNormalised(architecture, index)) return [];
    return [
      [`mean${index + 1}`, [width]],
      [`variance${index + 1}`, [width]],
    ];
  });
}

/** Whether a name is that of averaged variances, which are never negative. */
export function isVariance(name: string): boolean {
  return /^variance\d+$/.test(name);
}
