import { z } from "zod";

const count = z.int().min(1).max(100_000);
/** Only where all of these paths have one of these values. */
const when = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.json())])).optional();

/** What one key of a spec may be in a search. */
export const dimensionSchema = z.discriminatedUnion("kind", [
  /** Evenly between `low` and `high`; in a grid `count` values, both ends among them. */
  z.strictObject({ kind: z.literal("uniform"), low: z.number(), high: z.number(), count: count.optional(), when }),
  /** The same by equal factors. */
  z.strictObject({ kind: z.literal("log"), low: z.number(), high: z.number(), count: count.optional(), when }),
  /** Whole numbers, both ends among them. */
  z.strictObject({
    kind: z.literal("integer"),
    low: z.int(),
    high: z.int(),
    scale: z.enum(["linear", "log"]).default("linear"),
    count: count.optional(),
    when,
  }),
  /** One of these, without order. */
  z.strictObject({ kind: z.literal("choice"), values: z.array(z.json()).min(1).max(1000), when }),
]);

export type Dimension = z.output<typeof dimensionSchema>;

/** The value at `u` of [0, 1]: equal parts of [0, 1] are equally likely values. */
export function valueAt(dimension: Dimension, u: number): unknown {
  switch (dimension.kind) {
    case "uniform":
      return between(dimension, dimension.low + u * (dimension.high - dimension.low));
    case "log":
      return between(dimension, u === 1 ? dimension.high : dimension.low * (dimension.high / dimension.low) ** u);
    case "integer": {
      const { low, high, scale } = dimension;
      if (scale === "linear") return between(dimension, low + Math.floor(u * (high - low + 1)));
      // Each whole number has the part of the axis from half below it to half above.
      return between(dimension, Math.round((low - 0.5) * ((high + 0.5) / (low - 0.5)) ** u));
    }
    case "choice":
      return dimension.values[Math.min(dimension.values.length - 1, Math.floor(u * dimension.values.length))];
  }
}

/** Where in [0, 1] a value lies; a whole number or a choice in the middle of its part. Undefined for a value outside. */
export function placeOf(dimension: Dimension, value: unknown): number | undefined {
  if (dimension.kind === "choice") {
    const same = dimension.values.indexOf(value as never);
    const text = JSON.stringify(value);
    const index = same >= 0 ? same : dimension.values.findIndex((choice) => JSON.stringify(choice) === text);
    return index === -1 ? undefined : (index + 0.5) / dimension.values.length;
  }
  const { low, high } = dimension;
  if (typeof value !== "number" || !(value >= low && value <= high)) return undefined;
  if (dimension.kind === "integer") {
    if (dimension.scale === "linear") return (value - low + 0.5) / (high - low + 1);
    return Math.log(value / (low - 0.5)) / Math.log((high + 0.5) / (low - 0.5));
  }
  if (low === high) return 0.5;
  return dimension.kind === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** How many values a grid has, at most; undefined where a range says no count. */
export function gridSize(dimension: Dimension): number | undefined {
  if (dimension.kind === "choice") return dimension.values.length;
  return dimension.count ?? (dimension.kind === "integer" ? dimension.high - dimension.low + 1 : undefined);
}

/** All values of a grid, in order; `count` of a range, every one of whole numbers and choices where no count is set. */
export function gridValues(dimension: Dimension): unknown[] | undefined {
  if (dimension.kind === "choice") return [...dimension.values];
  if (dimension.kind === "integer") {
    const whole = dimension.high - dimension.low + 1;
    const values = Array.from({ length: dimension.count ?? whole }, (_, i, last = (dimension.count ?? whole) - 1) =>
      Math.round(stepped(dimension.scale, dimension.low, dimension.high, last === 0 ? 0.5 : i / last)),
    );
    return [...new Set(values)];
  }
  const { kind, low, high, count: length } = dimension;
  if (length === undefined) return undefined;
  return Array.from({ length }, (_, i) => stepped(kind, low, high, length === 1 ? 0.5 : i / (length - 1)));
}

function stepped(scale: "linear" | "uniform" | "log", low: number, high: number, u: number): number {
  if (u === 1) return high;
  return scale === "log" ? low * (high / low) ** u : low + u * (high - low);
}

/** Rounding must not lead out of the range. */
function between({ low, high }: { readonly low: number; readonly high: number }, value: number): number {
  return Math.min(high, Math.max(low, value));
}
