/** A setting that two documents do not agree on; undefined where it is absent. */
export interface Difference {
  /** As `--set` takes it, e.g. `training.lambda`. */
  readonly path: string;
  readonly left: unknown;
  readonly right: unknown;
}

/** Every leaf by its path, lists whole. */
export function leaves(document: unknown, above = ""): ReadonlyMap<string, unknown> {
  if (typeof document !== "object" || document === null || Array.isArray(document)) return new Map([[above, document]]);
  const inner = Object.entries(document).filter(([, value]) => value !== undefined);
  return new Map(inner.flatMap(([key, value]) => [...leaves(value, above === "" ? key : `${above}.${key}`)]));
}

/** What two documents do not agree on, in the order of the first one's keys. */
export function differences(left: unknown, right: unknown): Difference[] {
  const [mine, other] = [leaves(left), leaves(right)];
  return [...new Set([...mine.keys(), ...other.keys()])]
    .map((path) => ({ path, left: mine.get(path), right: other.get(path) }))
    .filter((one) => JSON.stringify(one.left) !== JSON.stringify(one.right));
}
