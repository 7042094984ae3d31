/** L with L L^T = A, rows of a lower triangle; undefined where A is not positive definite. */
export function cholesky(a: readonly Float64Array[]): Float64Array[] | undefined {
  const lower: Float64Array[] = [];
  for (const [i, entries] of a.entries()) {
    const row = new Float64Array(i + 1);
    for (let j = 0; j <= i; j++) {
      const above = j === i ? row : lower[j];
      let sum = entries[j];
      for (let k = 0; k < j; k++) sum -= row[k] * above[k];
      if (j < i) row[j] = sum / above[j];
      else if (sum > 0) row[i] = Math.sqrt(sum);
      else return undefined;
    }
    lower.push(row);
  }
  return lower;
}

/** x with L x = b. */
export function solveLower(lower: readonly Float64Array[], b: ArrayLike<number>): Float64Array {
  const x = new Float64Array(lower.length);
  for (const [i, row] of lower.entries()) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= row[k] * x[k];
    x[i] = sum / row[i];
  }
  return x;
}

/** x with L^T x = b. */
export function solveUpper(lower: readonly Float64Array[], b: ArrayLike<number>): Float64Array {
  const x = new Float64Array(lower.length);
  for (let i = lower.length - 1; i >= 0; i--) {
    let sum = b[i];
    for (let k = i + 1; k < lower.length; k++) sum -= lower[k][i] * x[k];
    x[i] = sum / lower[i][i];
  }
  return x;
}
