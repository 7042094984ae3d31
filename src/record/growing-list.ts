/** Lists that one fold has made and shown to nobody yet: they may grow in place. */
export type GrowingLists = WeakSet<readonly unknown[]>;

/** The list with one item more: a copy, unless the list is one of `growing`; those, copied for each item, would cost a square. */
export function withItem<T>(list: readonly T[], item: T, growing: GrowingLists): readonly T[] {
  if (growing.has(list)) {
    (list as T[]).push(item);
    return list;
  }
  const copy = [...list, item];
  growing.add(copy);
  return copy;
}
