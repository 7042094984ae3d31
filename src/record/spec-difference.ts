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
  const [leftLeaves, rightLeaves] = [leaves(left), leaves(right)];
  return [...new Set([...leftLeaves.keys(), ...rightLeaves.keys()])]
    .map((path) => ({ path, left: leftLeaves.get(path), right: rightLeaves.get(path) }))
    .filter((difference) => JSON.stringify(difference.left) !== JSON.stringify(difference.right));
}
