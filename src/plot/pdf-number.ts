/** A number as a PDF holds it, to a thousandth. @throws RangeError for one that is not finite */
export function pdfNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`a picture cannot hold the coordinate ${value}`);
  return String(Math.round(value * 1000) / 1000 + 0);
}
