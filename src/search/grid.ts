import { gridValues } from "./dimension.ts";
import { inOrder, isActive, type Sampler, type Setting, type Space } from "./space.ts";

/** Every combination of the dimensions' values, the last path the fastest; each setting once where paths are conditional. */
export const grid: Sampler = (space, trials) => gridSettings(space)[trials.length];

export function gridSettings(space: Space): Setting[] {
  let settings: Setting[] = [{}];
  for (const path of inOrder(space)) {
    const values = gridValues(space[path]) ?? [];
    settings = settings.flatMap((setting) =>
      isActive(space[path], setting) ? values.map((value) => ({ ...setting, [path]: value })) : [setting],
    );
  }
  return settings;
}

/** The same space with so many values a range, where a number is given. */
export function withCounts(space: Space, count: number | undefined): Space {
  if (count === undefined) return space;
  const counted = (dimension: Space[string]) => (dimension.kind === "choice" ? dimension : { ...dimension, count });
  return Object.fromEntries(Object.entries(space).map(([path, dimension]) => [path, counted(dimension)]));
}

/** The settings of a list, one after the other: those one believes in, or a table of a report. */
export function listed(settings: readonly Setting[]): Sampler {
  return (_, trials) => settings[trials.length];
}
