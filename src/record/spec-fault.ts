import { z } from "zod";
import { Fault } from "../fault/fault.ts";
import { unknownName } from "../fault/nearest.ts";
import { asFlag, properPlace } from "./misplaced-key.ts";
import { specSchema } from "./spec.ts";
import { kindOf, type SpecPath } from "./spec-paths.ts";

type Schema = z.core.$ZodType;

/** A schema's first complaint about a document, of a spec where no other is named, as one Fault naming key, value and remedy. */
export function specFault(issues: readonly z.core.$ZodIssue[], input: unknown, schema: Schema = specSchema): Fault {
  const all = issues.flatMap((issue) => ofBranch(issue, input, schema));
  // A key that is unknown is often the one that is missing, misspelt.
  const first = all.find(({ code }) => code === "unrecognized_keys") ?? all[0];
  const { place, complaint, remedy } = explain(first, input, schema);
  const more = all.length > 1 ? ` (and ${all.length - 1} more)` : "";
  return new Fault("spec", place, `${complaint}${more}`, remedy);
}

/** A value as a message shows it: its beginning, where it is long. */
export function show(value: unknown): string {
  const text = typeof value === "number" || value === undefined ? String(value) : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}

/** Where a value is a name or an object, the complaints of the branch that is like the value; else the issue itself. */
function ofBranch(issue: z.core.$ZodIssue, input: unknown, schema: Schema): z.core.$ZodIssue[] {
  const union = schemaAt(schema, issue.path.map(String), input);
  if (issue.code !== "invalid_union" || !(union instanceof z.ZodUnion)) return [issue];
  const value = valueAt(input, issue.path.map(String));
  const at = union.options.findIndex((option) =>
    isPlainObject(value) ? option instanceof z.ZodObject : typeof value === "string" && option instanceof z.ZodEnum,
  );
  const inner = issue.errors[at] ?? [];
  return inner.length === 0
    ? [issue]
    : inner.map((branchIssue) => ({ ...branchIssue, path: [...issue.path, ...branchIssue.path] }));
}

function isPlainObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function explain(
  issue: z.core.$ZodIssue,
  input: unknown,
  schema: Schema,
): { place: string; complaint: string; remedy: string } {
  const path = issue.path.map(String);
  const place = path.join(".") || "spec";
  const value = valueAt(input, path);
  if (issue.code === "unrecognized_keys") {
    const [key] = issue.keys;
    const at = [...path, key].join(".");
    const proper = schema === specSchema ? properPlace(key, at) : undefined;
    if (proper !== undefined) return misplaced(at, proper, valueAt(input, [...path, key]));
    const complaint = unknownName(key, keysAt(schema, path, input));
    return { place: at, complaint, remedy: `remove or correct the key "${at}"` };
  }
  const names = namesFor(issue, path, schema);
  if (names.length > 0) {
    const complaint =
      typeof value === "string" ? unknownName(value, names) : `${valueText(value)}; known: ${names.join(", ")}`;
    return { place, complaint, remedy: `give ${place} one of: ${names.join(", ")}` };
  }
  // Of what is no number at all the schema says "number", even where only whole ones will do.
  const whole = schemaAt(schema, path, input) instanceof z.ZodNumberFormat && issue.code === "invalid_type";
  const expected = whole ? typeNames.int : expectation(issue);
  const isLone = issue.code === "invalid_type" && issue.expected === "array" && typeof value === "number";
  if (isLone)
    return { place, complaint: `${valueText(value)}; must be ${expected}`, remedy: `write ${asFlag(place, [value])}` };
  if (place === "data.split.validation" && value === 0) {
    const complaint = "0; a run measures at least one validation image";
    return { place, complaint, remedy: `to train on all others, write ${asFlag(place, 1)}` };
  }
  return {
    place,
    complaint: `${valueText(value)}; must be ${expected}`,
    remedy: `give ${place === "spec" ? "a spec that is" : place} ${expected}`,
  };
}

/** A key that belongs elsewhere, or to another kind of what holds it. */
function misplaced(at: string, { path, kind }: SpecPath, value: unknown) {
  const key = at.slice(at.lastIndexOf(".") + 1);
  if (kind === undefined) {
    return {
      place: at,
      complaint: `unknown "${key}"; did you mean "${path}"?`,
      remedy: `write ${asFlag(path, value)}`,
    };
  }
  const holder = path.slice(0, path.lastIndexOf("."));
  const name = path.slice(holder.length + 1);
  const flag = asFlag(holder, { kind, [name]: value });
  return { place: at, complaint: `unknown "${key}"; ${path} belongs to the kind ${kind}`, remedy: `write ${flag}` };
}

function valueText(value: unknown): string {
  return value === undefined ? "missing" : show(value);
}

// The names a value could have had: an enumeration's, or a union's kinds.
function namesFor(issue: z.core.$ZodIssue, path: readonly string[], schema: Schema): string[] {
  if (issue.code === "invalid_value") return issue.values.map(String);
  if (issue.code === "invalid_union" && path.at(-1) === "kind") return kindsAt(schema, path.slice(0, -1));
  return [];
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return typeNames[issue.expected] ?? issue.expected;
    case "too_small":
      return bound(issue.origin, issue.inclusive === false ? "above" : "at least", issue.minimum);
    case "too_big":
      return bound(issue.origin, issue.inclusive === false ? "below" : "at most", issue.maximum);
    default:
      return issue.message;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a finite number",
  object: "an object with keys",
  array: "a list",
  string: "a text",
  boolean: "true or false",
};

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === "array") return `a list of ${relation} ${limit}`;
  if (origin === "string") return `a text of ${relation} ${limit} character`;
  return `${relation} ${limit}`;
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined,
    input,
  );
}

// Walks the schema beside the value, choosing the branch of a union by the value's kind.
function schemaAt(schema: Schema, path: readonly string[], input: unknown): Schema | undefined {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodDiscriminatedUnion) {
    const branch = inner.options.find((option) => kindOf(option) === valueAt(input, ["kind"]));
    return branch === undefined ? undefined : schemaAt(branch, path, input);
  }
  if (path.length === 0) return inner;
  if (inner instanceof z.ZodUnion) {
    const object = (inner.options as Schema[]).find((option) => option instanceof z.ZodObject);
    return object === undefined ? undefined : schemaAt(object, path, input);
  }
  const next = innerSchema(inner, path[0]);
  return next === undefined ? undefined : schemaAt(next, path.slice(1), valueAt(input, [path[0]]));
}

function innerSchema(schema: Schema, key: string): Schema | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[key] as Schema | undefined;
  if (schema instanceof z.ZodRecord) return schema.valueType as Schema;
  return schema instanceof z.ZodArray ? (schema.element as Schema) : undefined;
}

function keysAt(schema: Schema, path: readonly string[], input: unknown): string[] {
  const inner = schemaAt(schema, path, input);
  const at = inner instanceof z.ZodUnion ? inner.options.find((option) => option instanceof z.ZodObject) : inner;
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function kindsAt(schema: Schema, path: readonly string[]): string[] {
  let at = schema;
  for (const key of path) {
    const inner = innerSchema(unwrap(at), key);
    if (inner === undefined) return [];
    at = inner;
  }
  const union = unwrap(at);
  return union instanceof z.ZodDiscriminatedUnion ? union.options.map((option) => kindOf(option) ?? "") : [];
}

function unwrap(schema: Schema): Schema {
  const wrapped = schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional;
  return wrapped ? unwrap(schema.unwrap()) : schema;
}
