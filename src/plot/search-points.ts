/** One trial of a search, as figures draw it. */
export interface SearchPoint {
  readonly trial: number;
  /** From 0; each stage has a look of its own. */
  readonly stage: number;
  /** A value a parameter, in the order of the parameters; undefined where it does not have one. */
  readonly values: readonly (number | string | undefined)[];
  /** As a fraction; absent or not finite for one that diverged, with a cross in its place. */
  readonly accuracy?: number;
  readonly low?: number;
  readonly high?: number;
  /** It may be the best: the measurements cannot tell. */
  readonly mayBeBest: boolean;
}

/** What was varied. */
export interface SearchParameter {
  /** As the axis says it, e.g. `training.lambda`. */
  readonly name: string;
  readonly scale: "linear" | "log" | "choice";
}

export function isFinished({ accuracy }: SearchPoint): boolean {
  return accuracy !== undefined && Number.isFinite(accuracy);
}

/** The best of the points; undefined where none has finished. */
export function bestOf(points: readonly SearchPoint[]): SearchPoint | undefined {
  return points.filter(isFinished).reduce<SearchPoint | undefined>((best, point) => {
    return best === undefined || (point.accuracy ?? 0) > (best.accuracy ?? 0) ? point : best;
  }, undefined);
}
