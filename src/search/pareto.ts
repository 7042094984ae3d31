/** Indices of those that no other is at least as good as in every objective and better in one; all objectives are to be small. */
export function pareto(costs: readonly (readonly number[])[]): number[] {
  const dominates = (a: readonly number[], b: readonly number[]) =>
    a.every((cost, i) => cost <= b[i]) && a.some((cost, i) => cost < b[i]);
  return [...costs.keys()].filter((i) => !costs.some((other) => dominates(other, costs[i])));
}
