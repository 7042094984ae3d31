/** What to do about pixels that are no bytes. */
export const rangeRemedy =
  "say what becomes 0 and 255, for fractions data.dataset.range: [0, 1] or --range 0,1; or scale them in Python: " +
  '(x * 255).round().astype("uint8")';
