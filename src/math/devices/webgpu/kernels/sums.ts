/** Lanes of a group that sums one row: a mini-batch has about a hundred samples. */
export const ROW_LANES = 64;

/** The sum of one number a lane, in every lane; a tree, whose rounding grows with the logarithm of the number of terms. */
export const groupSum = (lanes: number) => `
var<workgroup> sums: array<f32, ${lanes}>;
fn total(lane: u32, value: f32) -> f32 {
  sums[lane] = value;
  workgroupBarrier();
  for (var width = ${lanes / 2}u; width > 0u; width >>= 1u) {
    if (lane < width) { sums[lane] += sums[lane + width]; }
    workgroupBarrier();
  }
  let sum = sums[0];
  workgroupBarrier();
  return sum;
}
`;

/** result[row] <- alpha sum + beta base[row]. */
export const putRow = `
  if (lane == 0u) {
    let member = group / $out;
    var value = $alpha(member) * sum;
    if ($beta(member) != 0.0) { value += $beta(member) * base[group]; }
    result[group] = value;
  }`;
