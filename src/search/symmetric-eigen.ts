/**
 * Eigenvalues and orthonormal eigenvectors (columns of `vectors`, as rows of rows) of a small symmetric matrix, by Jacobi's
 * rotations (Golub and Van Loan 2013, section 8.5).
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): { values: number[]; vectors: number[][] } {
  const n = matrix.length;
  const a = matrix.map((row) => [...row]);
  const vectors = a.map((_, i) => a.map((_, j) => Number(i === j)));
  for (let sweep = 0; sweep < 50; sweep++) {
    const off = a.reduce((sum, row, i) => sum + row.slice(i + 1).reduce((rest, entry) => rest + entry * entry, 0), 0);
    if (off < 1e-30 * a.reduce((sum, row, i) => sum + row[i] * row[i], 0)) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, p, q);
  }
  return { values: a.map((row, i) => row[i]), vectors };
}

/** Makes a[p][q] zero. */
function rotate(a: number[][], vectors: number[][], p: number, q: number): void {
  if (a[p][q] === 0) return;
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (const row of [...a, ...vectors]) [row[p], row[q]] = [c * row[p] - s * row[q], s * row[p] + c * row[q]];
  const [ap, aq] = [a[p], a[q]];
  [a[p], a[q]] = [ap.map((entry, k) => c * entry - s * aq[k]), ap.map((entry, k) => s * entry + c * aq[k])];
}
