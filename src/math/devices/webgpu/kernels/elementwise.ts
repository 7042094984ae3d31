import { kernel, LANES } from "../kernel.ts";
import { groupSum, putRow, ROW_LANES } from "./sums.ts";

const guard = "  if (i >= $count) { return; }";
const ofMember = `${guard}
  let member = i / $length;`;

/** h = max(0, s). */
export const relu = kernel({
  name: "relu",
  written: ["h"],
  read: ["s"],
  counts: ["count"],
  body: `${guard}
  let value = s[i];
  h[i] = select(select(0.0, value, isNan(value)), value, value > 0.0);`,
});

/** ds = dh where h > 0. */
export const reluGradient = kernel({
  name: "reluGradient",
  written: ["ds"],
  read: ["dh", "h"],
  counts: ["count"],
  body: `${guard}
  ds[i] = select(0.0, dh[i], h[i] > 0.0);`,
});

/** out = a b. */
export const multiply = kernel({
  name: "multiply",
  written: ["c"],
  read: ["a", "b"],
  counts: ["count"],
  body: `${guard}
  c[i] = a[i] * b[i];`,
});

const combining = (name: string, value: string) =>
  kernel({
    name,
    written: ["result"],
    read: ["base", "g"],
    counts: ["count", "length"],
    lists: ["alpha", "beta"],
    body: `${ofMember}
  var value = $alpha(member) * ${value};
  if ($beta(member) != 0.0) { value += $beta(member) * base[i]; }
  result[i] = value;`,
  });

/** Into <- G. */
export const combine = combining("combine", "g[i]");

/** Into <- G G. */
export const combineSquares = combining("combineSquares", "(g[i] * g[i])");

/** w <- keep w - rate d / (sqrt(correction v) + eps). */
export const rootStep = kernel({
  name: "rootStep",
  written: ["w"],
  read: ["d", "v"],
  counts: ["count", "length"],
  lists: ["keep", "rate", "correction", "eps"],
  body: `${ofMember}
  w[i] = $keep(member) * w[i] - $rate(member) * (d[i] / (sqrt($correction(member) * v[i]) + $eps(member)));`,
});

/** v <- v + pull w, w <- w - v. */
export const followVelocity = kernel({
  name: "followVelocity",
  written: ["w", "v"],
  read: [],
  counts: ["count", "length"],
  lists: ["pull"],
  body: `${ofMember}
  let velocity = v[i] + $pull(member) * w[i];
  v[i] = velocity;
  w[i] = w[i] - velocity;`,
});

// Squares are summed times 2^-32, so that those of large numbers stay finite: a factor that f32 holds exactly.
export const SQUARE_SCALE = 2 ** 32;

/** Each member's sum of squares, in `slices` parts. */
export const squareSum = kernel({
  name: "squareSum",
  written: ["tally"],
  read: ["w"],
  counts: ["members", "length", "slices", "slot"],
  functions: groupSum(LANES),
  body: `
  let member = group / $slices;
  let slice = group % $slices;
  if (member >= $members) { return; }
  var sum = 0.0;
  for (var at = slice * ${LANES}u + lane; at < $length; at += $slices * ${LANES}u) {
    let value = w[member * $length + at] * 0x1p-16;
    sum += value * value;
  }
  sum = total(lane, sum);
  if (lane == 0u) { tally[($slot + slice) * $members + member] = sum; }`,
});

/** g <- g min(1, limit / sqrt(squares)). */
export const clip = kernel({
  name: "clip",
  written: ["g"],
  read: ["tally"],
  counts: ["count", "length", "members", "slot", "slots"],
  lists: ["limit"],
  body: `${ofMember}
  var squares = 0.0;
  for (var at = 0u; at < $slots; at++) { squares += tally[($slot + at) * $members + member]; }
  let norm = sqrt(squares) * 0x1p+16;
  if (!isNan(squares) && norm > $limit(member)) { g[i] = g[i] * ($limit(member) / norm); }`,
});

/** Into <- the sum over samples of a term; one group a node of a member. */
const rowSum = (term: string) => `
  if (group >= $rowCount) { return; }
  var sum = 0.0;
  for (var j = lane; j < $n; j += ${ROW_LANES}u) { sum += ${term}; }
  sum = total(lane, sum);
${putRow}`;

/** Into <- dS 1. */
export const sampleSum = kernel({
  name: "sampleSum",
  written: ["result"],
  read: ["base", "ds"],
  counts: ["rowCount", "out", "n"],
  lists: ["alpha", "beta"],
  lanes: ROW_LANES,
  functions: groupSum(ROW_LANES),
  body: rowSum("ds[group * $n + j]"),
});

/** Into <- the sum over samples of a b. */
export const sampleProductSum = kernel({
  name: "sampleProductSum",
  written: ["result"],
  read: ["base", "a", "b"],
  counts: ["rowCount", "out", "n"],
  lists: ["alpha", "beta"],
  lanes: ROW_LANES,
  functions: groupSum(ROW_LANES),
  body: rowSum("a[group * $n + j] * b[group * $n + j]"),
});

/** x = byte * scale + shift, four features of an image a lane; labels beside the first. */
export const gather = kernel({
  name: "gather",
  written: ["x", "y"],
  read: ["images", "labels", "scale", "shift"],
  whole: ["images", "labels"],
  counts: ["n", "dimension"],
  body: `
  let j = i % $n;
  let first = 4u * (i / $n);
  if (first >= $dimension) { return; }
  let row = $row(j);
  if (first == 0u) { y[j] = f32((labels[row / 4u] >> (8u * (row % 4u))) & 0xffu); }
  for (var f = first; f < min(first + 4u, $dimension); f++) {
    let at = row * $dimension + f;
    let byte = (images[at / 4u] >> (8u * (at % 4u))) & 0xffu;
    x[f * $n + j] = f32(byte) * scale[f] + shift[f];
  }`,
});
