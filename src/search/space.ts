import { type Dimension, placeOf, valueAt } from "./dimension.ts";

/** What a search varies: paths of a spec, as `training.lambda`, and what each may be. */
export type Space = Readonly<Record<string, Dimension>>;

/** One choice for every path that is active. */
export type Setting = Readonly<Record<string, unknown>>;

/** A trial as samplers see it, in the order of proposal. */
export interface Observed {
  readonly setting: Setting;
  /** To be made small; Infinity for one that diverged or failed; absent until it has ended. */
  readonly loss?: number;
}

/**
 * Proposes the next setting, or undefined where there is none left. A pure function: what is asked again proposes the same.
 * `trials` are all that have been proposed, so their number is the next one's.
 */
export type Sampler = (space: Space, trials: readonly Observed[], seed: number) => Setting | undefined;

/** The setting at a point of the unit cube, one coordinate a path; paths whose condition does not hold are left out. */
export function settingAt(space: Space, point: ArrayLike<number>): Setting {
  const setting: Record<string, unknown> = {};
  const paths = Object.keys(space);
  for (const path of inOrder(space)) {
    if (isActive(space[path], setting)) setting[path] = valueAt(space[path], point[paths.indexOf(path)]);
  }
  return Object.fromEntries(paths.filter((path) => path in setting).map((path) => [path, setting[path]]));
}

/** The point of a setting; the middle for a path that it leaves out or has outside of the range. */
export function pointOf(space: Space, setting: Setting): number[] {
  return Object.entries(space).map(([path, dimension]) => placeOf(dimension, setting[path]) ?? 0.5);
}

/** Whether the paths that a dimension depends on have the values it needs. */
export function isActive({ when = {} }: Dimension, setting: Setting): boolean {
  return Object.entries(when).every(([path, allowed]) => {
    const value = JSON.stringify(setting[path]);
    return (Array.isArray(allowed) ? allowed : [allowed]).some((option) => JSON.stringify(option) === value);
  });
}

/** The paths, each after those that its condition names; without the members of a circle. */
export function inOrder(space: Space): string[] {
  const ordered: string[] = [];
  for (let before = -1; before < ordered.length; ) {
    before = ordered.length;
    for (const [path, { when = {} }] of Object.entries(space)) {
      if (!ordered.includes(path) && Object.keys(when).every((needed) => ordered.includes(needed))) ordered.push(path);
    }
  }
  return ordered;
}
