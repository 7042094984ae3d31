/** A metric value as JSON can hold it: NaN and the infinities, which JSON has no numbers for, are named. */
export type EncodedNumber = number | "NaN" | "Infinity" | "-Infinity";

export function encodeNumber(value: number): EncodedNumber {
  return Number.isFinite(value) ? value : (String(value) as EncodedNumber);
}

export function decodeNumber(value: EncodedNumber): number {
  return Number(value);
}

/** JSON text in which every number keeps its value, NaN and the infinities included (as strings). */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_key, item) => (typeof item === "number" ? encodeNumber(item) : item), indent);
}
