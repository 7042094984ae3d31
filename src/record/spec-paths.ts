import { z } from "zod";

type Schema = z.core.$ZodType;

/** A key of a spec, and the kinds of what holds it, where only some kinds have it. */
export interface SpecPath {
  /** `training.schedule.rate` */
  readonly path: string;
  /** `constant` */
  readonly kind?: string;
}

/** Every key of a schema, whatever the kinds. */
export function pathsOf(schema: Schema, above = "", kind?: string): SpecPath[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault) {
    return pathsOf(schema.unwrap(), above, kind);
  }
  if (schema instanceof z.ZodDiscriminatedUnion || schema instanceof z.ZodUnion) {
    return (schema.options as Schema[]).flatMap((option) => pathsOf(option, above, kindOf(option)));
  }
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries<Schema>(schema.shape).flatMap(([key, inner]) => {
    const path = above === "" ? key : `${above}.${key}`;
    return [{ path, ...(kind === undefined ? {} : { kind }) }, ...pathsOf(inner, path)];
  });
}

/** The name of a kind: `constant` of what has `kind: "constant"`. */
export function kindOf(option: Schema): string | undefined {
  const kind = option instanceof z.ZodObject ? (option.shape as Record<string, unknown>).kind : undefined;
  return kind instanceof z.ZodLiteral ? String(kind.value) : undefined;
}
