/** A point of a line in the units of the picture; `y` is NaN where the line has a gap. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The points that show: of those that share a column one unit wide, the first, the lowest, the highest and the last.
 * A line through these covers the same pixels as one through all. Gaps are kept. Points come in order of x.
 * Source: Jugel et al. 2014, "M4: A Visualization-Oriented Time Series Data Aggregation".
 */
export function decimate(points: readonly Point[]): readonly Point[] {
  const kept: Point[] = [];
  let column: Point[] = [];
  for (const point of points) {
    if (column.length > 0 && !together(column[0], point)) {
      kept.push(...extremes(column));
      column = [];
    }
    column.push(point);
  }
  return [...kept, ...extremes(column)];
}

/** Whether two points fall into one column; a gap shares none with a value. */
function together(a: Point, b: Point): boolean {
  return Math.floor(a.x) === Math.floor(b.x) && Number.isNaN(a.y) === Number.isNaN(b.y);
}

function extremes(column: readonly Point[]): readonly Point[] {
  if (column.length === 0 || Number.isNaN(column[0].y)) return column.slice(0, 1);
  let lowest = 0;
  let highest = 0;
  column.forEach(({ y }, index) => {
    if (y < column[lowest].y) lowest = index;
    if (y > column[highest].y) highest = index;
  });
  const indices = new Set([0, lowest, highest, column.length - 1]);
  return [...indices].sort((a, b) => a - b).map((index) => column[index]);
}
