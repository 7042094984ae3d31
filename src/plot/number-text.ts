/** What a number measures, and so how it is shown. */
export type Quantity = "count" | "rate" | "nats" | "fraction" | "error" | "seconds";

/** Made once: `toLocaleString` looks its locale up for each number. */
const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A number as people read it, without its unit; fractions as percent. NaN and the infinities are named. */
export function numberText(value: number, quantity: Quantity): string {
  if (!Number.isFinite(value)) return String(value);
  switch (quantity) {
    case "count":
      return grouped.format(value);
    case "rate":
      return rateText(value);
    case "nats":
      return fixedUnlessExtreme(value, 4);
    case "fraction":
      return (value * 100).toFixed(2);
    case "error":
      return value === 0 ? "0" : value.toExponential(1);
    case "seconds":
      return fixedUnlessExtreme(value, 1);
  }
}

/** `45.98 %`; a value that is not finite gets no unit. */
export function percentText(fraction: number): string {
  return Number.isFinite(fraction) ? `${numberText(fraction, "fraction")} %` : String(fraction);
}

/** Four significant digits at most: `0.1`, `0.02001`, `1e-5`. */
function rateText(value: number): string {
  const size = Math.abs(value);
  const plain = size === 0 || (size >= 1e-3 && size < 1e6);
  return plain
    ? String(Number(value.toPrecision(4)))
    : value
        .toExponential(3)
        .replace(/\.?0+e/, "e")
        .replace("e+", "e");
}

/** A fixed number of decimals, until they would show nothing but zeros or a row of invented digits. */
function fixedUnlessExtreme(value: number, decimals: number): string {
  const size = Math.abs(value);
  if (size !== 0 && size < 0.5 * 10 ** -decimals) return value.toExponential(1);
  return size < 1e6 ? value.toFixed(decimals) : value.toExponential(decimals).replace("e+", "e");
}
