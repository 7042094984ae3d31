/**
 * p-values adjusted for asking several questions at once, in the order they came: rejecting those at or below .05 rejects a true
 * hypothesis in at most 5 % of all families, whatever depends on what (Holm 1979).
 */
export function holm(pValues: readonly number[]): number[] {
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  for (const [rank, index] of ascending(pValues).entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[index]));
    adjusted[index] = largest;
  }
  return adjusted;
}

function ascending(values: readonly number[]): number[] {
  return [...values.keys()].sort((a, b) => values[a] - values[b]);
}
