import { writtenSpecSchema } from "./left-out.ts";
import { groupDescriptions, keyDescriptions, kindDescriptions } from "./spec-descriptions.ts";

/** What of JSON Schema (draft 7) the schema of a spec is made of. */
export interface JsonSchema {
  readonly $schema?: string;
  title?: string;
  description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  required?: readonly string[];
  readonly additionalProperties?: boolean;
  oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/**
 * The JSON Schema of a spec as a person writes it, every key described: an editor completes and checks with it. It is made of
 * the schema that `parseSpec` checks with; what goes together beyond single keys, only `parseSpec` knows.
 */
export function specJsonSchema(): JsonSchema {
  const schema: JsonSchema = writtenSpecSchema("draft-7");
  describe(schema, "");
  const training = schema.properties?.training;
  if (training !== undefined) training.oneOf = ["epochs", "steps", "cycles"].map((length) => ({ required: [length] }));
  schema.title = "A run of Gradus";
  schema.description = "Everything that says what a run is. `gradus spec KEY` explains a key.";
  return schema;
}

/** Adds to a schema and what it holds what the keys mean; takes away the bound that only says what a number can hold. */
function describe(schema: JsonSchema, path: string): void {
  const description = keyDescriptions[path]?.meaning ?? groupDescriptions[path];
  if (description !== undefined) schema.description = plainText(description);
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.items !== undefined) for (const item of [schema.items].flat()) describe(item, `${path}[]`);
  for (const option of [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) {
    describe(option, path);
    const kind = kindOfBranch(option);
    const text = kind === undefined ? undefined : kindDescriptions[path]?.[kind];
    if (text === undefined) delete option.description;
    else option.description = `${kind}: ${plainText(text)}`;
  }
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    describe(inner, path === "" ? key : `${path}.${key}`);
  }
}

/** The name of a branch of a union: `constant` of what has `kind: "constant"`. */
export function kindOfBranch(branch: JsonSchema): string | undefined {
  const name = branch.properties?.kind?.const;
  return typeof name === "string" ? name : undefined;
}

/** A description without Markdown's links: where they lead, in words. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/See \[([^\]]+)\]\(#[^)]*\)/g, 'See "$1" in docs/spec.md')
    .replace(/see \[([^\]]+)\]\(#[^)]*\)/g, 'see "$1" in docs/spec.md')
    .replace(/\[`?[^\]]*\]\(([^)#]+)\)/g, "docs/$1");
}
