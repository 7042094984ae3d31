import { type JsonSchema, kindOfBranch } from "./spec-json-schema.ts";

/** A key of a spec: what its schema says of it. */
export interface SpecKey {
  /** `training.schedule.rate` */
  readonly path: string;
  /** The kinds of what holds it, where only they have it: `constant`, `step-decay`. */
  readonly kinds: readonly string[];
  /** What it may be, in Markdown: `number from 0, below 1`. */
  readonly allowed: string;
  /** The texts it may be, where the schema names them. */
  readonly names: readonly string[];
  /** What becomes of it when it is left out. */
  readonly standard: Standard;
  /** Whether it only holds other keys. */
  readonly isGroup: boolean;
}

type Standard = { readonly kind: "required" | "none" } | { readonly kind: "default"; readonly value: unknown };

/** Every key below a schema, in its order; a key that several kinds have comes once. */
export function specKeys(schema: JsonSchema): SpecKey[] {
  const merged = new Map<string, SpecKey>();
  for (const key of keysBelow(schema, "", [])) {
    const known = merged.get(key.path);
    if (known === undefined) merged.set(key.path, key);
    else merged.set(key.path, together(known, key));
  }
  return [...merged.values()];
}

function together(a: SpecKey, b: SpecKey): SpecKey {
  const kinds = a.kinds.length === 0 || b.kinds.length === 0 ? [] : [...new Set([...a.kinds, ...b.kinds])];
  const names = [...new Set([...a.names, ...b.names])];
  if (a.names.length > 0) return { ...a, kinds, names, allowed: choice(names.map(code)) };
  // What one kind narrows is said by its meaning: `ramp` has rates above 0.
  const wider = [a.allowed, b.allowed].find((text) => [a, b].every(({ allowed }) => widened(allowed) === text));
  const allowed = wider ?? (a.allowed === b.allowed ? a.allowed : `${a.allowed}, or ${b.allowed}`);
  return { ...a, kinds, names, allowed };
}

const widened = (allowed: string) => allowed.replace("above 0", "from 0");

function keysBelow(schema: JsonSchema, path: string, kinds: readonly string[]): SpecKey[] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, value]) => {
    const at = path === "" ? name : `${path}.${name}`;
    const isRequired = schema.required?.includes(name) ?? false;
    const isGroup = value.properties !== undefined;
    const key: SpecKey = {
      path: at,
      kinds,
      allowed: allowedText(value),
      names: namesOf(value),
      standard: standardOf(value, isRequired),
      isGroup,
    };
    return [key, ...keysBelow(value, at, [])];
  });
  const branches = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].flatMap((branch) => {
    const kind = kindOfBranch(branch);
    return keysBelow(branch, path, kind === undefined ? [] : [kind]).map((key) =>
      key.path === `${path}.kind` ? { ...key, kinds: [] } : key,
    );
  });
  return [...inner, ...branches];
}

function standardOf(schema: JsonSchema, isRequired: boolean): Standard {
  if (isRequired) return { kind: "required" };
  return schema.default === undefined ? { kind: "none" } : { kind: "default", value: schema.default };
}

function namesOf({ enum: names, const: name, anyOf }: JsonSchema): string[] {
  if (names !== undefined) return names.map(String);
  return name === undefined ? (anyOf ?? []).flatMap(namesOf) : [String(name)];
}

/** What a value may be, in words. */
function allowedText(schema: JsonSchema): string {
  const { type, items, anyOf, minItems, maxItems } = schema;
  if (anyOf !== undefined) return anyOf.map(allowedText).join(", or ");
  const names = namesOf(schema);
  if (names.length > 0) return choice(names.map(code));
  if (type === "boolean") return "`true` or `false`";
  if (type === "integer") return `whole number${bounds(schema)}`;
  if (type === "number") return `number${bounds(schema)}`;
  if (type === "string") return "text";
  if (type !== "array" || items === undefined) return "object";
  if (Array.isArray(items)) return `list of ${items.length}: ${[...new Set(items.map(allowedText))].join(", ")}`;
  const content = allowedText(items as JsonSchema).replace(/^(whole number|number|text)/, "$1s");
  if (minItems !== undefined && maxItems !== undefined) return `list of ${minItems} to ${maxItems} ${content}`;
  return `list of ${maxItems === undefined ? "" : `at most ${maxItems} `}${content}`;
}

/** ` from 0, below 1` */
function bounds({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: JsonSchema): string {
  const isAbove = minimum === undefined && exclusiveMinimum !== undefined;
  const from = isAbove ? ` above ${exclusiveMinimum}` : minimum === undefined ? "" : ` from ${minimum}`;
  const comma = isAbove ? "," : "";
  if (maximum !== undefined) return `${from}${comma} to ${maximum}`;
  return exclusiveMaximum === undefined ? from : `${from}, below ${exclusiveMaximum}`;
}

const code = (name: string) => `\`${name}\``;

/** `a`, `b` or `c` */
function choice(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
