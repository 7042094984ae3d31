/** Numbers of one parameter in another arrangement. */
export interface Reordering {
  readonly axis: "rows" | "columns";
  /** The first row or column that is not where it belongs, and which one is there: from 0. */
  readonly at: number;
  readonly from: number;
}

type Near = (a: Float64Array, b: Float64Array) => boolean;

/** A matrix [rows, columns] the other way round: [columns, rows]; a vector as it is. */
export function turned(values: Float64Array, [rows, columns = 1]: readonly number[]): Float64Array {
  return Float64Array.from(values, (_, at) => values[(at % rows) * columns + Math.floor(at / rows)]);
}

/** How rows or columns of `right` have to be reordered to give `theirs`; undefined where no order does. */
export function reordering(
  theirs: Float64Array,
  right: Float64Array,
  [rows, columns = 1]: readonly number[],
  near: Near,
): Reordering | undefined {
  const byRow = moved(theirs, right, rows, columns, near);
  if (byRow !== undefined) return { axis: "rows", ...byRow };
  const shape = [rows, columns];
  const byColumn = columns === 1 ? undefined : moved(turned(theirs, shape), turned(right, shape), columns, rows, near);
  return byColumn && { axis: "columns", ...byColumn };
}

/** Whether each row is one of the right rows, each of them once, and not all where they belong. */
function moved(theirs: Float64Array, right: Float64Array, rows: number, columns: number, near: Near) {
  const row = (values: Float64Array, index: number) => values.subarray(index * columns, (index + 1) * columns);
  const free = new Set(Array.from({ length: rows }, (_, index) => index));
  let first: { readonly at: number; readonly from: number } | undefined;
  for (let at = 0; at < rows; at++) {
    const from =
      near(row(theirs, at), row(right, at)) && free.has(at)
        ? at
        : [...free].find((index) => near(row(theirs, at), row(right, index)));
    if (from === undefined) return undefined;
    free.delete(from);
    if (from !== at) first ??= { at, from };
  }
  return first;
}

/** `W1[3, 17]` of an entry by its number. */
export function placeText(name: string, [, columns = 1]: readonly number[], at: number): string {
  const isVector = !name.startsWith("W");
  return `${name}[${isVector ? at : `${Math.floor(at / columns)}, ${at % columns}`}]`;
}
