import { kernel } from "../kernel.ts";

// C = A B in tiles of 32 by 32: 64 lanes with 4 by 4 sums each, 16 terms at a time from the group's memory. A and B are read
// along their rows or along their columns, whichever lie side by side in memory. `slice` cuts the terms of one sum into parts.

interface Form {
  /** Where A[m, k] and B[k, c] lie, from `a` and `b` on. */
  readonly aAt: string;
  readonly bAt: string;
  /** Whether terms lie side by side in memory, and not rows or columns. */
  readonly aByTerm: boolean;
  readonly bByTerm: boolean;
  /** Writes `sum` of row `m`, column `c`, of the product number `which`. */
  readonly put: string;
}

/** Rows and columns of a tile. */
export const TILE = 32;
const TERMS = 16;

/** Declarations and body of a product. */
function product({ aAt, bAt, aByTerm, bByTerm, put }: Form) {
  const load = (tile: string, of: string, size: string, byTerm: boolean) => `
      {
        let t = ${byTerm ? `at % ${TERMS}u` : `at / ${TILE}u`};
        let r = ${byTerm ? `at / ${TERMS}u` : `at % ${TILE}u`};
        let k = from_ + t;
        let rc = ${tile === "tileA" ? "firstRow" : "firstColumn"} + r;
        var value = 0.0;
        if (k < end && rc < ${size}) { value = ${of}; }
        ${tile}[t * ${TILE}u + r] = value;
      }`;
  return {
    lanes: 64,
    functions: `
var<workgroup> tileA: array<f32, ${TERMS * TILE}>;
var<workgroup> tileB: array<f32, ${TERMS * TILE}>;
`,
    body: `
  let which = place.z / $slices;
  let slice = place.z % $slices;
  let begin = slice * $terms;
  let end = min($inner, begin + $terms);
  let firstRow = place.y * ${TILE}u;
  let firstColumn = place.x * ${TILE}u;
  let a0 = which * $aStride;
  let b0 = which * $bStride;
  let top = 4u * (lane / 8u);
  let left = 4u * (lane % 8u);
  var sum0 = vec4<f32>(); var sum1 = vec4<f32>(); var sum2 = vec4<f32>(); var sum3 = vec4<f32>();
  for (var from_ = begin; from_ < end; from_ += ${TERMS}u) {
    for (var e = 0u; e < ${(TERMS * TILE) / 64}u; e++) {
      let at = lane + e * 64u;
${load("tileA", `a[a0 + ${aAt}]`, "$rowCount", aByTerm)}
${load("tileB", `b[b0 + ${bAt}]`, "$columns", bByTerm)}
    }
    workgroupBarrier();
    for (var t = 0u; t < ${TERMS}u; t++) {
      let ta = t * ${TILE}u + top;
      let tb = t * ${TILE}u + left;
      let right = vec4<f32>(tileB[tb], tileB[tb + 1u], tileB[tb + 2u], tileB[tb + 3u]);
      sum0 += tileA[ta] * right;
      sum1 += tileA[ta + 1u] * right;
      sum2 += tileA[ta + 2u] * right;
      sum3 += tileA[ta + 3u] * right;
    }
    workgroupBarrier();
  }
  let sums = array<vec4<f32>, 4>(sum0, sum1, sum2, sum3);
  for (var y = 0u; y < 4u; y++) {
    let m = firstRow + top + y;
    if (m >= $rowCount) { break; }
    for (var x = 0u; x < 4u; x++) {
      let c = firstColumn + left + x;
      if (c >= $columns) { break; }
      let sum = sums[y][x];
      ${put}
    }
  }`,
  };
}

const counts = ["rowCount", "columns", "inner", "terms", "slices", "aStride", "bStride"] as const;
/** Row `m` among those of all products. */
const row = "let row = which * $rowCount + m;";

/** S = W X + b. Where X is shared, the rows of all members are those of one wide product. */
export const affine = kernel({
  name: "affine",
  written: ["s"],
  read: ["a", "b", "bias"],
  counts,
  ...product({
    aAt: "rc * $inner + k",
    bAt: "k * $columns + rc",
    aByTerm: true,
    bByTerm: false,
    put: `${row} s[row * $columns + c] = sum + bias[row];`,
  }),
});

/** Parts of the sums of W X, one slice of the terms behind the other. */
export const affineSlices = kernel({
  name: "affineSlices",
  written: ["parts"],
  read: ["a", "b"],
  counts: [...counts, "products"],
  ...product({
    aAt: "rc * $inner + k",
    bAt: "k * $columns + rc",
    aByTerm: true,
    bByTerm: false,
    put: `${row} parts[((slice * $products * $rowCount) + row) * $columns + c] = sum;`,
  }),
});

/** S = the parts' sum + b. */
export const addSlices = kernel({
  name: "addSlices",
  written: ["s"],
  read: ["parts", "bias"],
  counts: ["count", "n", "slices"],
  body: `
  if (i >= $count) { return; }
  var sum = bias[i / $n];
  for (var slice = 0u; slice < $slices; slice++) { sum += parts[slice * $count + i]; }
  s[i] = sum;`,
});

/** dX = W^T dS. */
export const transposeProduct = kernel({
  name: "transposeProduct",
  written: ["dx"],
  read: ["a", "b"],
  counts,
  ...product({
    aAt: "k * $rowCount + rc",
    bAt: "k * $columns + rc",
    aByTerm: false,
    bByTerm: false,
    put: `${row} dx[row * $columns + c] = sum;`,
  }),
});

/** Into <- dS X^T. */
export const outerProduct = kernel({
  name: "outerProduct",
  written: ["result"],
  read: ["base", "a", "b"],
  counts: [...counts, "out"],
  lists: ["alpha", "beta"],
  ...product({
    aAt: "rc * $inner + k",
    bAt: "rc * $inner + k",
    aByTerm: true,
    bByTerm: true,
    put: `${row}
      let member = row / $out;
      let entry = row * $columns + c;
      var value = $alpha(member) * sum;
      if ($beta(member) != 0.0) { value += $beta(member) * base[entry]; }
      result[entry] = value;`,
  }),
});
