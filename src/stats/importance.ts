/** Cells that a parameter's range is looked at in. */
const CELLS = 50;

/**
 * How much each parameter has to do with a trial being among the best: PED-ANOVA (Watanabe, Bansal and Hutter 2023, "PED-ANOVA:
 * efficiently quantifying hyperparameter importance in arbitrary subspaces", eq. 7), the Pearson divergence between a parameter's
 * density over the best `part` of the trials and over all, as parts of their sum. A parameter that the best trials agree on is
 * important; one that they take anywhere is not. Fewer than some twenty trials say little.
 */
export function importance(
  trials: readonly { readonly point: readonly number[]; readonly loss: number }[], // points in the unit cube
  part = 0.25,
): number[] {
  const sorted = trials.toSorted((a, b) => a.loss - b.loss);
  const best = sorted.slice(0, Math.max(1, Math.ceil(part * sorted.length)));
  const dimensions = trials[0]?.point.length ?? 0;
  const divergences = Array.from({ length: dimensions }, (_, d) => {
    const all = density(trials.map(({ point }) => point[d]));
    const top = density(best.map(({ point }) => point[d]));
    return all.reduce((sum, p, cell) => sum + p * (top[cell] / p - 1) ** 2, 0);
  });
  const total = divergences.reduce((sum, divergence) => sum + divergence, 0);
  return divergences.map((divergence) => (total === 0 ? 0 : divergence / total));
}

/** Mass of each cell under Gaussian kernels of Scott's (1992) width, mirrored at the ends, over a little of the uniform. */
function density(values: readonly number[]): number[] {
  const n = values.length;
  const centre = values.reduce((sum, value) => sum + value / n, 0);
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2 / n, 0));
  const width = Math.max(1.06 * deviation * n ** -0.2, 1 / CELLS);
  const cells = Array.from({ length: CELLS }, (_, cell) => {
    const at = (cell + 0.5) / CELLS;
    return values.reduce(
      (sum, value) => sum + kernel(at - value, width) + kernel(at + value, width) + kernel(2 - at - value, width),
      1 / CELLS,
    );
  });
  const total = cells.reduce((sum, mass) => sum + mass, 0);
  return cells.map((mass) => mass / total);
}

function kernel(distance: number, width: number): number {
  const far = distance / width;
  return far > 7 || far < -7 ? 0 : Math.exp((-far * far) / 2) / width;
}
