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

/**
 * JSON text from which `fromExactJson` makes the same value again: -0, NaN and the infinities, which JSON loses, are
 * written as `{"$number": "NaN"}`. Every other double, and so every float32, survives JSON's decimals as it is.
 */
export function toExactJson(value: unknown): string {
  return JSON.stringify(value, (_key, item) =>
    typeof item === "number" && (!Number.isFinite(item) || Object.is(item, -0))
      ? { $number: Object.is(item, -0) ? "-0" : String(item) }
      : item,
  );
}

const numberNames = new Set(["NaN", "Infinity", "-Infinity", "-0"]);

/** @throws SyntaxError for a text that is not JSON */
export function fromExactJson(text: string): unknown {
  // Most texts name no such number, and are read several times as fast.
  if (!text.includes('"$number"')) return JSON.parse(text);
  return JSON.parse(text, (_key, item) => {
    const isTagged = typeof item === "object" && item !== null && Object.keys(item).join() === "$number";
    return isTagged && numberNames.has(item.$number) ? Number(item.$number) : item;
  });
}
